/** PyTorch's: keeps a norm of 0 from dividing by 0. */
const epsilon = 1e-6

/**
 * What gradients of some norm are multiplied with so that their norm is at most `maximum`; 1 where it is already.
 *
 * Source: Pascanu et al. 2013, "On the difficulty of training recurrent neural networks", algorithm 1.
 *
 * @example
 * clipFactor(4, 1) // 0.25, nearly
 */
export function clipFactor(norm: number, maximum: number): number {
  return Math.min(1, maximum / (norm + epsilon))
}
