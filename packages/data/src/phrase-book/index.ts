export { phraseBook } from './phrase-book.ts'
export type { PhraseBook } from './phrase-book.ts'
export type { Pair } from '../text/pair.ts'
