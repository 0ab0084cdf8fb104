import { splitWords } from '../white-space.ts'
import { tokenize13a } from './13a.ts'
import { tokenizeCharacters } from './character.ts'
import { tokenizeChinese } from './chinese.ts'

/** Splits a text into the tokens whose n-grams BLEU counts; tokens contain no white space. */
export type BleuTokenizer = (text: string) => string[]

/** `none` splits at white space only: for text that is tokenized already. */
export type BleuTokenizerName = '13a' | 'zh' | 'char' | 'none'

/** The tokenizers under the names that sacreBLEU gives them. */
export const bleuTokenizers: Readonly<Record<BleuTokenizerName, BleuTokenizer>> = {
  '13a': tokenize13a,
  zh: tokenizeChinese,
  char: tokenizeCharacters,
  none: splitWords,
}
