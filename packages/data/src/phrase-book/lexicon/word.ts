/** A word or phrase in both languages. */
export interface Word {
  readonly chinese: string
  readonly english: string
}

/** Reads a lexicon table: one entry per line, columns between bars. */
export function table(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((column) => column.trim()))
}

/** Reads a table of `中文 | English`. */
export function words(text: string): Word[] {
  return table(text).map(([chinese = '', english = '']) => ({ chinese, english }))
}
