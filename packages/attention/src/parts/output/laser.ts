import { add, exp, greater, log, matmul, max, repeatKeyHeads, stopGradient, sub, where } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'

const needsPositive = 'its weights can be negative, and have no logarithm'

/**
 * Mixes the exponentials of the values and takes the logarithm: gradients reach scores that the softmax has nearly closed. The
 * largest value of each column, later positions included, is taken out before and put back: exponentials cannot
 * overflow, and nothing else changes as long as a row attends to a value less than about 80 (in float32) below that largest one. Beyond, its
 * output is the plain mixture.
 *
 * @example
 * compose([scaledDot(), laser(), causal()])
 */
export function laser(): AttentionPart {
  return {
    name: 'laser',
    source:
      'Duvvuri and Dhillon 2024, LASER: Attention with Exponential Transformation, in its log-weighted-sum-exp form (arXiv 2411.03493)',
    about: {
      year: 2024,
      formula: 'o = log(Σ A exp(v))',
      use: 'Deep language models: larger gradients through the weights than those of a plain mixture.',
    },
    excludes: { differential: needsPositive, 'talking-heads': needsPositive },
    aggregate(_, weights, value) {
      const values = repeatKeyHeads(value, weights.shape[1]!)
      // Any constant of a column gives the same logarithm: no gradient passes through it.
      const largest = stopGradient(max(values, { axis: 2, keepAxes: true }))
      const mixed = matmul(weights, exp(sub(values, largest)))
      const any = greater(mixed, 0)
      const logarithm = add(log(where(any, mixed, 1)), largest)
      // Where all exponentials are lost: the mixture, which is never above the logarithm.
      return where(any, logarithm, matmul(weights, values))
    },
  }
}
