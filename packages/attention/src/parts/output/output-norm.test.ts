import { test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { evenInputs } from '../../testing/even-inputs.test-helper.ts'
import { outputNorm } from '../../index.ts'

testIdea(outputNorm, {
  test,
  ideas: [
    {
      // Even weights: the means of the values are (2, 4), which is 3 -+ 1, and (10, 30), which is 20 -+ 10.
      title: 'each head is normalised alone',
      inputs: evenInputs([
        [
          [1, 3],
          [3, 5],
        ],
        [
          [5, 25],
          [15, 35],
        ],
      ]),
      call: (device) => ({
        parameters: {
          'output-norm': {
            gain: device.tensor([
              [1, 2],
              [3, 4],
            ]),
            offset: device.tensor([
              [0.1, 0.2],
              [0.3, 0.4],
            ]),
          },
        },
      }),
      expected: [
        0.1 - 1 / Math.sqrt(1 + 1e-5),
        0.2 + 2 / Math.sqrt(1 + 1e-5),
        0.3 - 30 / Math.sqrt(100 + 1e-5),
        0.4 + 40 / Math.sqrt(100 + 1e-5),
      ],
    },
    {
      // Two positions of one head, the first of which sees one key: the mean and variance are of its own columns.
      title: 'each position is normalised alone',
      inputs: evenInputs(
        [
          [
            [5, 5, 5],
            [1, 7, 10],
          ],
        ],
        2,
      ),
      call: (device) => ({
        mask: { kind: 'causal' },
        parameters: {
          'output-norm': {
            gain: device.tensor([[1, 1, 1]]),
            offset: device.tensor([[0, 0, 0]]),
          },
        },
      }),
      // The second row's mean of values is (3, 6, 7.5): mean 5.5, variance (6.25 + 0.25 + 4) / 3 = 3.5.
      expected: [0, 0, 0, ...[-2.5, 0.5, 2].map((x) => x / Math.sqrt(3.5 + 1e-5))],
    },
  ],
})
