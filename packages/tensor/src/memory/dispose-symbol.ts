// Safari has no `Symbol.dispose` yet; TypeScript's downlevel `using` looks it up by this name.
const symbols = Symbol as { dispose?: symbol }
symbols.dispose ??= Symbol.for('Symbol.dispose')
