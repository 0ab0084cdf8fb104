import { splitPunctuation } from './punctuation.ts'

/**
 * The tokenizer of the WMT evaluations: undoes markup, and sets punctuation apart.
 * Source: mteval-v13a.pl, as in sacreBLEU
 */
export function tokenize13a(text: string): string[] {
  const plain = text
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
  return splitPunctuation(` ${plain} `)
}
