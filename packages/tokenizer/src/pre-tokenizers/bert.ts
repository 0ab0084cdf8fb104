import { splitPiece } from '../text/split.ts'
import { PUNCTUATION } from '../text/unicode.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

const BLANK = /\p{White_Space}/gu

/** BERT's words: parted by white space, which is dropped, and by punctuation, each sign alone. */
export function bertPreTokenizer(): PreTokenizer {
  return {
    preTokenize: (text) =>
      splitPiece(text, BLANK, 'Removed').flatMap((word) => splitPiece(word, PUNCTUATION, 'Isolated')),
    toJSON: () => ({ type: 'BertPreTokenizer' }),
  }
}
