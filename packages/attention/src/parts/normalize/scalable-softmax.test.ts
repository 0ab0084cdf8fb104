import { expect, test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, scalableSoftmax } from '../../index.ts'

// exp(s log n S) = (n^s)^S
testIdea(() => scalableSoftmax(), {
  test,
  ideas: [
    {
      title: 'three keys with s = 2 have the powers of 9',
      call: (device) => ({ parameters: { 'scalable-softmax': { scale: device.tensor([2]) } } }),
      inputs: scoreInputs([[0, 0.5, 1]]),
      expected: [1 / 13, 3 / 13, 9 / 13],
    },
    {
      title: 'with causal, n is the number of keys up to the query',
      call: (device) => ({
        beside: [causal()],
        parameters: { 'scalable-softmax': { scale: device.tensor([1]) } },
      }),
      inputs: scoreInputs([
        [4, 0, 0],
        [0, 1, 0],
        [0, 1, 2],
      ]),
      // Powers of 1, of 2 and of 3.
      expected: [1, 0, 0, 1 / 3, 2 / 3, 0, 1 / 13, 3 / 13, 9 / 13],
    },
  ],
})

test('an initial factor that is no number is refused', () => {
  expect(() => scalableSoftmax({ initial: Number.NaN })).toThrow(
    "scalable-softmax: 'initial' is NaN, expected a finite number. Leave it out for the default.",
  )
})
