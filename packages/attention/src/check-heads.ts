import { ArgumentError } from '@qkv/tensor'
import type { MultiHeadAttentionOptions } from './multi-head-attention.ts'

/** Key and value heads: as the composition says, or the options, or as many as query heads. */
export function keyHeadsOf({ heads, keyHeads, composition }: MultiHeadAttentionOptions): number {
  const part = composition.parts.find((part) => part.keyHeads !== undefined)
  return part?.keyHeads!(heads) ?? keyHeads ?? heads
}

/** Throws an `ArgumentError` unless heads divide the width, and key heads divide the heads. */
export function checkHeads(options: MultiHeadAttentionOptions): void {
  const { width, heads, headSize } = options
  const natural = (value: number): boolean => Number.isInteger(value) && value > 0
  if (!natural(heads) || (headSize === undefined && width % heads !== 0)) {
    throw new ArgumentError({
      operation: 'MultiHeadAttention',
      argument: 'heads',
      got: `is ${heads}`,
      expected: `a whole number that divides the width ${width}`,
      fix: 'Each head takes an equal part of the columns: change one of them, or give `headSize`.',
    })
  }
  if (headSize !== undefined && !natural(headSize)) {
    throw new ArgumentError({
      operation: 'MultiHeadAttention',
      argument: 'headSize',
      got: `is ${headSize}`,
      expected: 'a whole number of at least 1',
      fix: 'It is the number of columns of each head.',
    })
  }
  // Not before: parts count on heads that can be.
  const keyHeads = keyHeadsOf(options)
  if (natural(keyHeads) && heads % keyHeads === 0) return
  throw new ArgumentError({
    operation: 'MultiHeadAttention',
    argument: 'keyHeads',
    got: `is ${keyHeads}`,
    expected: `a whole number that divides the ${heads} heads`,
    fix: 'Each key head serves an equal group of query heads.',
  })
}
