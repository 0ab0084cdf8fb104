import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, noMask, type Projected, synthesizerDense } from '../../index.ts'

/** Two queries, and keys that would give other scores. */
function inputs(device: Device): Projected {
  return {
    query: device.tensor([
      [
        [
          [1, -5],
          [2, 1],
        ],
      ],
    ]),
    key: device.tensor([
      [
        [
          [9, 9],
          [-9, 9],
        ],
      ],
    ]),
    value: device.tensor([[[[1], [0]]]]),
  }
}

const parameters = (device: Device, positions: number): Record<string, Record<string, Tensor>> => ({
  'synthesizer-dense': {
    weight: device.tensor([Array.from({ length: positions }, (_, at) => (at === 0 ? [3, 1] : [1, 4]))]),
    bias: device.tensor([Array.from({ length: positions }, (_, at) => at)]),
  },
})

testIdea(() => synthesizerDense(), {
  test,
  ideas: [
    {
      // ReLU gives (1, 0) and (2, 1). Scores: 3 + 0 against 1 + 1, and 6 + 1 + 0 against 2 + 4 + 1.
      title:
        'a network of the query alone scores the positions, of which a text may have fewer than the table',
      call: (device) => ({ parameters: parameters(device, 4) }),
      inputs,
      expected: [1 / (1 + Math.exp(-1)), 1 / 2],
    },
  ],
})

test('keys do not count', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const output = (key: Tensor): ArrayLike<number> =>
    attendProjections(
      compose([synthesizerDense()]),
      { ...inputs(device), key },
      { mask: noMask, parameters: parameters(device, 2) },
    ).readSync()
  const { key, query } = inputs(device)
  expect(output(key)).toEqual(output(query))
})
