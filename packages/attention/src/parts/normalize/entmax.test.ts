import {
  ArgumentError,
  createReferenceBackend,
  Device,
  mul,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { type Idea, testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, entmax, noMask, scaledDot } from '../../index.ts'

/** Scores whose weights are `weights` and 0: with τ = -(last weight)^(α - 1), which makes the last score 0. */
function idea(alpha: number, weights: readonly number[]): Idea {
  const roots = weights.map((weight) => weight ** (alpha - 1))
  const threshold = -roots.at(-1)!
  const scores = roots.map((root) => (root + threshold) / (alpha - 1))
  const below = threshold / (alpha - 1) - 0.5
  return {
    title: `α ${alpha} gives ${weights.join(' and ')}, and 0 below the threshold`,
    inputs: scoreInputs([[below, ...scores]]),
    expected: [0, ...weights],
  }
}

testIdea(() => entmax(), {
  test,
  ideas: [
    {
      // (0.4 / 2 + 0.6)² = 0.64 and (0 / 2 + 0.6)² = 0.36 sum to one: τ = -0.6, and -2 / 2 lies below.
      title: 'squares of half the scores less the threshold',
      inputs: scoreInputs([[0.4, 0, -2]]),
      expected: [0.64, 0.36, 0],
    },
    idea(1.5, [0.5, 0.3, 0.2]),
    {
      title: 'only kept keys compete',
      call: () => ({ beside: [causal()] }),
      inputs: scoreInputs([
        [-3, 9, 9],
        [0.4, 0, 9],
        [5, 5, 5],
      ]),
      expected: [1, 0, 0, 0.64, 0.36, 0, 1 / 3, 1 / 3, 1 / 3],
    },
  ],
})

for (const alpha of [1.1, 1.25, 1.9, 2, 3]) {
  testIdea(() => entmax({ alpha }), {
    test,
    ideas: [idea(alpha, [0.75, 0.25]), idea(alpha, [0.5, 0.3, 0.2])],
  })
}

test.each([1.2, 1.5, 1.8, 2, 2.5])(
  'the gradient for α %d is that of the implicit function: diag(w) - w wᵀ / Σw with w = A^(2 - α)',
  (alpha) => {
    const device = new Device(createReferenceBackend({ precision: 'float64' }))
    const { query, key, value } = scoreInputs([[0.3, -0.2, 0.1, -9]])(device)
    const factors = [1.3, -0.4, 2.1, 0.7]
    const attended: number[] = []
    const loss = (): Tensor => {
      const output = attendProjections(
        compose([scaledDot(), entmax({ alpha })]),
        { query, key, value },
        { mask: noMask },
      )
      attended.push(...output.readSync())
      return sum(mul(output, device.tensor([[[factors]]])))
    }
    const [gradient] = valueAndGrad(loss, [key]).gradients
    const slopes = attended.map((weight) => (weight > 0 ? weight ** (2 - alpha) : 0))
    const mean =
      slopes.reduce((total, slope, at) => total + slope * factors[at]!, 0) /
      slopes.reduce((total, slope) => total + slope, 0)
    const wanted = slopes.map((slope, at) => slope * (factors[at]! - mean))
    expect(mismatch(gradient!.readSync(), wanted, { absolute: 1e-8, relative: 1e-8 })).toBeNull()
  },
)

test.each([1, 0.5, Number.NaN, Infinity])('an alpha of %d is refused', (alpha) => {
  expect(() => entmax({ alpha })).toThrow(ArgumentError)
  expect(() => entmax({ alpha })).toThrow(
    `entmax: 'alpha' is ${alpha}, expected a number above 1. At 1 it is softmax: use that part.`,
  )
})
