import { ArgumentError } from '../errors/argument-error.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { div } from './div.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sum } from './sum.ts'

/** PyTorch's: keeps a norm of 0 from dividing by 0. */
const epsilon = 1e-6

/**
 * Scales gradients by one factor so that the norm of all of them together is at most `maximum`, and gives the norm from
 * before. Nothing is read back. A norm that is not finite makes them all `NaN` or zero, as in PyTorch: look at `norm`.
 *
 * Source: Pascanu et al. 2013, "On the difficulty of training recurrent neural networks", algorithm 1.
 *
 * @example
 * const { gradients: clipped, norm } = clipByGlobalNorm(gradients, 1)
 */
export function clipByGlobalNorm(
  gradients: readonly Tensor[],
  maximum: number,
): { readonly gradients: readonly Tensor[]; readonly norm: Tensor } {
  const first = gradients[0]
  if (!first || !(maximum >= 0)) {
    throw new ArgumentError({
      operation: 'clipByGlobalNorm',
      argument: first ? 'maximum' : 'gradients',
      got: first ? `is ${maximum}` : 'is empty',
      expected: first ? 'a norm from 0' : 'at least one tensor',
      fix: first ? 'Use 1, or leave the clipping out.' : 'Leave the clipping out where nothing is trained.',
    })
  }
  const { device } = first
  return device.scoped(() => {
    // A scope each, so that only one tensor of squares is alive at a time.
    const squares = gradients.map((gradient) => device.scoped(() => sum(square(gradient))))
    const norm = sqrt(squares.reduce((total, square) => add(total, square)))
    const factor = minimum(div(maximum, add(norm, epsilon)), 1)
    return { gradients: gradients.map((gradient) => mul(gradient, factor)), norm }
  })
}
