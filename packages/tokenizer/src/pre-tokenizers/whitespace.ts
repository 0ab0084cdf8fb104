import { splitPiece } from '../text/split.ts'
import { compilePattern } from '../text/regular-expression.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

const WORDS_AND_SIGNS = compilePattern(String.raw`\w+|[^\w\s]+`)
const BLANKS = compilePattern(String.raw`\s+`)

/** Words, and runs of signs; white space is dropped. */
export function whitespace(): PreTokenizer {
  return {
    preTokenize: (text) => splitPiece(text, WORDS_AND_SIGNS, 'Removed', true),
    toJSON: () => ({ type: 'Whitespace' }),
  }
}

/** Whatever stands between white space; the white space is dropped. */
export function whitespaceSplit(): PreTokenizer {
  return {
    preTokenize: (text) => splitPiece(text, BLANKS, 'Removed'),
    toJSON: () => ({ type: 'WhitespaceSplit' }),
  }
}
