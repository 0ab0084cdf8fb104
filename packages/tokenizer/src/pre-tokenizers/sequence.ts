import type { DocumentField } from '../document/document-field.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

/** Several pre-tokenizers: each cuts the pieces of the one before. */
export function sequence(preTokenizers: readonly PreTokenizer[]): PreTokenizer {
  return {
    preTokenize(text: AlignedText): readonly AlignedText[] {
      let pieces: readonly AlignedText[] = text.length === 0 ? [] : [text]
      for (const preTokenizer of preTokenizers)
        pieces = pieces.flatMap((piece) => preTokenizer.preTokenize(piece))
      return pieces
    },
    toJSON: () => ({ type: 'Sequence', pretokenizers: preTokenizers.map((one) => one.toJSON()) }),
  }
}

export function readSequence(
  field: DocumentField,
  readNested: (nested: DocumentField) => PreTokenizer,
): PreTokenizer {
  return sequence(field.at('pretokenizers').list().map(readNested))
}
