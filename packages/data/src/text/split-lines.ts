/**
 * Splits a text at LF or CRLF; a last line break ends the last line and does not start another.
 *
 * Only these two are line breaks: a sentence may hold a lone CR or U+2028, and aligned files must not slip.
 *
 * @example
 * splitLines('one\r\ntwo\n') // ['one', 'two']
 */
export function splitLines(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}
