/**
 * Text as XML may hold it: control characters, which tokens of single bytes are, as their pictures (`␀`, `␏`), and what is no character,
 * such as half of a surrogate pair, as `�`.
 *
 * @example
 * xmlText('\u000f') // '␏'
 */
export function xmlText(text: string): string {
  return text
    .replaceAll(controls, (control) => String.fromCodePoint(0x24_00 + control.codePointAt(0)!))
    .replaceAll(/[\p{Surrogate}\uFFFE\uFFFF]/gu, '\uFFFD')
}

/** All below the space but tab and line feed; a carriage return would come back as a line feed. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000B-\u001F]/g
