import { slice, type Tensor, transpose } from '@qkv/tensor'
import fc from 'fast-check'
import type { Numbers } from './compare.ts'

/** Values that float32 represents, of a size where rounding is even. */
export const values: fc.Arbitrary<readonly number[]> = fc.array(
  fc.integer({ min: -4096, max: 4096 }).map((whole) => whole / 1024),
  { minLength: 5, maxLength: 40 },
)

/** A shape of up to four axes, some of them empty or of length 1. */
export function shapes(
  options: { readonly minRank?: number; readonly minLength?: number } = {},
): fc.Arbitrary<readonly number[]> {
  const { minRank = 0, minLength = 0 } = options
  return fc.array(fc.integer({ min: minLength, max: 7 }), { minLength: minRank, maxLength: 4 })
}

export function numbers(shape: readonly number[]): fc.Arbitrary<Numbers> {
  return values.map((list) => ({ shape, values: list }))
}

/** A view of a tensor that is no longer dense: transposed, cut, or stepped through backwards. */
export type View = 'dense' | 'transposed' | 'cut' | 'backwards'

export const views: fc.Arbitrary<View> = fc.constantFrom('dense', 'transposed', 'cut', 'backwards')

/** The tensor under a view; `transposed` and `cut` change its shape. */
export function viewed(x: Tensor, view: View): Tensor {
  switch (view) {
    case 'dense':
      return x
    case 'transposed':
      return transpose(x, { order: x.shape.map((_, axis) => x.rank - 1 - axis) })
    case 'cut':
      return slice(
        x,
        x.shape.map((length) => (length > 1 ? { start: 1 } : {})),
      )
    case 'backwards':
      return slice(
        x,
        x.shape.map((length) => (length > 0 ? { start: length - 1, step: -1 } : {})),
      )
  }
}
