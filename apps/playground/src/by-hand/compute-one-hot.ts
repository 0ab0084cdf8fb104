import { type Device, matmul, oneHot, transpose } from '@qkv/tensor'
import { type Matrix, toMatrix } from '../matrix.ts'

export interface OneHot {
  /** The different characters, in the order of their first place. */
  readonly vocabulary: readonly string[]
  readonly characters: readonly string[]
  /** `[characters, vocabulary]` */
  readonly vectors: Matrix
  /** Dot products of all pairs `[characters, characters]`. */
  readonly products: Matrix
}

/** A vector per character of a text, as wide as the vocabulary, and what the vectors say about each other. */
export function computeOneHot(device: Device, text: string): OneHot {
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)
  const characters = Array.from(segments, ({ segment }) => segment)
  const vocabulary = [...new Set(characters)]
  const ids = Int32Array.from(characters, (character) => vocabulary.indexOf(character))
  const vectors = oneHot(device.tensor(ids), { classes: vocabulary.length })
  return {
    vocabulary,
    characters,
    vectors: toMatrix(vectors),
    products: toMatrix(matmul(vectors, transpose(vectors))),
  }
}
