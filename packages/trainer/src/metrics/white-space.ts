// What Python's `str.split` and `str.strip` take as white space, which is what sacreBLEU's figures rest on. JavaScript's
// `\s` lacks the four separators and U+0085, and has U+FEFF, which Python takes as a character.
// eslint-disable-next-line no-control-regex -- the four separators are control characters
const WHITE_SPACE = /(?:(?!\uFEFF)[\s\u001C-\u001F\u0085])+/u

const LEADING: RegExp = new RegExp(`^${WHITE_SPACE.source}`, 'u')
const WHITE_SPACE_CHARACTER: RegExp = new RegExp(`^${WHITE_SPACE.source}$`, 'u')

/** The words of a text, without empty ones. */
export function splitWords(text: string): string[] {
  return text.split(WHITE_SPACE).filter((word) => word !== '')
}

/** A text without white space at its start. */
export function trimStart(text: string): string {
  return text.replace(LEADING, '')
}

/** A text without white space at its end. */
export function trimEnd(text: string): string {
  // From the back by hand: a pattern that ends in `$` is tried at every run of spaces on the way.
  let end = text.length
  while (end > 0 && WHITE_SPACE_CHARACTER.test(text[end - 1]!)) end -= 1
  return text.slice(0, end)
}
