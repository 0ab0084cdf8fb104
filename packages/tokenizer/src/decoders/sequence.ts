import type { DocumentField } from '../document/document-field.ts'
import type { Decoder } from './decoder.ts'

/** Several decoders, one after another. */
export function sequence(decoders: readonly Decoder[]): Decoder {
  return {
    decode: (tokens) => decoders.reduce((result, decoder) => decoder.decode(result), tokens),
    toJSON: () => ({ type: 'Sequence', decoders: decoders.map((decoder) => decoder.toJSON()) }),
  }
}

export function readSequence(field: DocumentField, readNested: (nested: DocumentField) => Decoder): Decoder {
  return sequence(field.at('decoders').list().map(readNested))
}
