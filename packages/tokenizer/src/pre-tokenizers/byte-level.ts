import type { DocumentField } from '../document/document-field.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { compilePattern } from '../text/regular-expression.ts'
import { ByteAlphabetWriter } from './byte-alphabet-writer.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

export interface ByteLevelSettings {
  /** Put a blank before text that does not begin with one, so that a first word looks like any other. */
  readonly addPrefixSpace?: boolean
  /** Split with GPT-2's pattern; switch it off after a `split` that did that. */
  readonly useRegex?: boolean
  /** Only kept for the document: the post-processor of the same name acts on it. */
  readonly trimOffsets?: boolean
}

/** GPT-2's pattern: it covers every text, with a blank leading the word after it. */
const GPT2_PATTERN = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

/** Splits words and writes their UTF-8 bytes in GPT-2's alphabet. Source: Radford et al. 2019, `encoder.py`. */
export function byteLevel(settings: ByteLevelSettings = {}): PreTokenizer {
  const { addPrefixSpace = false, useRegex = true, trimOffsets = true } = settings
  const pattern = compilePattern(GPT2_PATTERN)
  const alphabet = new ByteAlphabetWriter()
  return {
    preTokenize(text: AlignedText): readonly AlignedText[] {
      const source = addPrefixSpace && !text.text.startsWith(' ') ? text.prepend(' ') : text
      if (source.length === 0) return []
      if (!useRegex) return [alphabet.write(source)]
      const words: AlignedText[] = []
      // The pattern leaves nothing out, so that the end of a match is all that is needed: `test` makes no match object.
      pattern.lastIndex = 0
      for (let from = 0; pattern.test(source.text); from = pattern.lastIndex) {
        words.push(alphabet.write(source.slice(from, pattern.lastIndex)))
      }
      return words
    },
    toJSON: () => ({
      type: 'ByteLevel',
      add_prefix_space: addPrefixSpace,
      trim_offsets: trimOffsets,
      use_regex: useRegex,
    }),
  }
}

export function readByteLevel(field: DocumentField): PreTokenizer {
  return byteLevel({
    addPrefixSpace: field.at('add_prefix_space').boolean(),
    useRegex: field.at('use_regex').boolean(true),
    trimOffsets: field.at('trim_offsets').boolean(true),
  })
}
