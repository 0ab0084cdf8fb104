import { bitFunctions } from './bits.ts'
import { mathFunctions } from './math.ts'
import { activationFunctions } from './activations.ts'
import { randomFunctions } from './random.ts'

/** Functions that kernels may call, by name. */
const functions: Readonly<Record<string, string>> = {
  ...bitFunctions,
  ...mathFunctions,
  ...activationFunctions,
  ...randomFunctions,
}

const calls = /\b([a-zA-Z]\w*)\(/g

/** A kernel with the functions of the library that it calls, and those that these call. */
export function withLibrary(body: string): string {
  const used = new Set<string>()
  const collect = (text: string): void => {
    for (const [, name] of text.matchAll(calls)) {
      const code = Object.hasOwn(functions, name!) ? functions[name!] : undefined
      if (code === undefined || used.has(name!)) continue
      used.add(name!)
      collect(code)
    }
  }
  collect(body)
  return [...used].map((name) => functions[name]!).join('\n') + body
}
