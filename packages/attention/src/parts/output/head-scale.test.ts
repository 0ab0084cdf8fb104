import { test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { evenInputs } from '../../testing/even-inputs.test-helper.ts'
import { headScale } from '../../index.ts'

testIdea(headScale, {
  test,
  ideas: [
    {
      // Even weights: the means of the values are (2, 4) and (10, 20).
      title: 'each head is times its own number',
      inputs: evenInputs([
        [
          [1, 3],
          [3, 5],
        ],
        [
          [5, 15],
          [15, 25],
        ],
      ]),
      call: (device) => ({ parameters: { 'head-scale': { scale: device.tensor([3, -0.5]) } } }),
      expected: [6, 12, -5, -10],
    },
  ],
})
