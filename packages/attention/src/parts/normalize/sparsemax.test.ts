import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, noMask, scaledDot, sparsemax } from '../../index.ts'

testIdea(() => sparsemax(), {
  test,
  ideas: [
    {
      // With a support of two, τ = (0.5 + 0.2 - 1) / 2 = -0.15, and -1 lies below it.
      title: 'scores less the threshold, 0 below it',
      inputs: scoreInputs([[-1, 0.5, 0.2]]),
      expected: [0, 0.65, 0.35],
    },
    {
      title: 'a lead of more than one takes all, equals share',
      inputs: scoreInputs([
        [3, 1, 1],
        [700, 700, 700],
      ]),
      expected: [1, 0, 0, 1 / 3, 1 / 3, 1 / 3],
    },
    {
      title: 'only kept keys compete',
      call: () => ({ beside: [causal()] }),
      inputs: scoreInputs([
        [0, 9, 9],
        [0.5, 0.2, 9],
        [0, 0, 0],
      ]),
      expected: [1, 0, 0, 0.65, 0.35, 0, 1 / 3, 1 / 3, 1 / 3],
    },
  ],
})

test('no point of the simplex is nearer to the scores: moving weight between two keys never helps', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const composition = compose([scaledDot(), sparsemax()])
  const scoreLists = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(scoreLists, (scores) => {
      const weights = Array.from(
        attendProjections(composition, scoreInputs([scores])(device), { mask: noMask }).readSync(),
      )
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10)
      // Optimal where the slopes 2 (A_j - S_j) are the same for all keys with weight, and no less for those without.
      const slopes = weights.map((weight, at) => weight - scores[at]!)
      const least = Math.min(...slopes)
      for (const [at, weight] of weights.entries()) {
        expect(weight).toBeGreaterThanOrEqual(0)
        expect(weight * (slopes[at]! - least)).toBeCloseTo(0, 10)
      }
    }),
  )
})
