import { trimEnd, trimStart } from '../white-space.ts'
import { splitPunctuation } from './punctuation.ts'

/**
 * What sacreBLEU takes as Chinese characters. Its table means to hold the ideographs from U+20000 and from U+2F800 on,
 * but its bounds are strings of two characters ('\u20000' is U+2000 and a zero), so what it holds is U+2001 to U+2A6D,
 * with the typographic quotes and dashes, and U+2F81 to U+2FA1. Scores are compared across papers, so it stays so.
 */
const CHINESE: RegExp = new RegExp(
  `[${[
    '\u3400-\u4DB5',
    '\u4E00-\u9FBB',
    '\uF900-\uFA2D',
    '\uFA30-\uFA6A',
    '\uFA70-\uFAD9',
    '\u2001-\u2A6D',
    '\u2F81-\u2FA1',
    '\uFF00-\uFFEF',
    '\u2E80-\u2EFF',
    '\u3000-\u303F',
    '\u31C0-\u31EF',
    '\u2F00-\u2FDF',
    '\u2FF0-\u2FFF',
    '\u3100-\u312F',
    '\u31A0-\u31BF',
    '\uFE10-\uFE1F',
    '\uFE30-\uFE4F',
    '\u3200-\u33FF',
  ].join('')}]`,
  'gu',
)

/**
 * Each Chinese character is a token; the rest is split at its punctuation.
 * Source: sacreBLEU, tokenizer `zh`
 */
export function tokenizeChinese(text: string): string[] {
  return splitPunctuation(trimEnd(trimStart(text)).replaceAll(CHINESE, ' $& '))
}
