import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { div } from './div.ts'
import { maximum } from './maximum.ts'
import { mul } from './mul.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sum } from './sum.ts'

/**
 * The cosine of the angle between vectors along an axis, the last one unless said; shapes broadcast. A norm counts as
 * `epsilon` at least, so that a vector of zeros has similarity 0 and a finite gradient.
 *
 * @example
 * const similarity = cosineSimilarity(queries, documents) // [batch] from [batch, width]
 */
export function cosineSimilarity(
  a: Tensor,
  b: Tensor,
  options: {
    readonly axis?: number
    /** 1e-8 unless said. */
    readonly epsilon?: number
  } = {},
): Tensor {
  const { epsilon = 1e-8 } = options
  const axis = normalizeAxis('cosineSimilarity', options.axis ?? -1, Math.max(a.rank, b.rank))
  return a.device.scoped(() => {
    const fromEnd = axis - Math.max(a.rank, b.rank)
    const products = sum(mul(a, b), { axis })
    const squares = [a, b].map((x) => sum(square(x), { axis: fromEnd }))
    const [normA, normB] = squares.map((square) => sqrt(maximum(square, epsilon * epsilon)))
    return div(div(products, normA!), normB!)
  })
}
