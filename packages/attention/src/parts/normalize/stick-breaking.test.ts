import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, noMask, padding, scaledDot, stickBreaking, topK } from '../../index.ts'

const third = Math.log(3)
// Sigmoids of log 3, 0 and -log 3 are 3/4, 1/2 and 1/4.
const scores = [
  [0, 9, 9],
  [third, -third, 9],
  [third, 0, -third],
]

testIdea(() => stickBreaking(), {
  test,
  ideas: [
    {
      title: 'each earlier key takes its share of what the nearer ones left',
      inputs: scoreInputs(scores),
      expected: [0, 0, 0, 3 / 4, 0, 0, (3 / 4) * (1 / 2), 1 / 2, 0],
    },
    {
      // The best of all keys would be a later one.
      title: 'parts that select keys select among the earlier ones',
      call: () => ({ beside: [topK({ k: 1 })] }),
      inputs: scoreInputs(scores),
      expected: [0, 0, 0, 3 / 4, 0, 0, 3 / 4, 0, 0],
    },
    {
      title: 'keys that are filled up take nothing',
      call: (device) => ({ beside: [padding()], side: { padding: device.tensor([[true, false, true]]) } }),
      inputs: scoreInputs(scores),
      expected: [0, 0, 0, 3 / 4, 0, 0, 3 / 4, 0, 0],
    },
  ],
})

testIdea(() => stickBreaking({ attendCurrent: true }), {
  test,
  ideas: [
    {
      title: 'with its own position, a query starts from there',
      inputs: scoreInputs(scores),
      expected: [
        1 / 2,
        0,
        0,
        (3 / 4) * (3 / 4),
        1 / 4,
        0,
        (3 / 4) * (1 / 2) * (3 / 4),
        (1 / 2) * (3 / 4),
        1 / 4,
      ],
    },
  ],
})

test('weights are what is broken off: with what is left they sum to one, whatever the scores', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const composition = compose([scaledDot(), stickBreaking({ attendCurrent: true })])
  const rows = fc.array(fc.double({ min: -900, max: 900, noNaN: true }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(rows, (row) => {
      const weights = attendProjections(composition, scoreInputs([row, row, row, row])(device), {
        mask: noMask,
      })
      const last = Array.from(weights.readSync()).slice(12)
      const left = row.reduce((product, score) => product / (1 + Math.exp(score)), 1)
      expect(last.reduce((sum, weight) => sum + weight, 0) + left).toBeCloseTo(1, 10)
    }),
  )
})
