import { byteLevel } from './byte-level.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'
import { sequence } from './sequence.ts'
import { split } from './split.ts'

/** Han characters by their blocks, as plain ranges: unlike `\p{Han}`, every reader of tokenizer.json understands them. */
const HAN = '[\u3005\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{323AF}]'

/**
 * Byte-level words for text that mixes Chinese with languages that write blanks: each Han character is a word of its own,
 * everything else is split by GPT-2's pattern. Without it a whole Chinese clause is one word, and BPE learns clauses.
 */
export function bilingual(): PreTokenizer {
  return sequence([split({ pattern: { Regex: HAN }, behavior: 'Isolated' }), byteLevel()])
}
