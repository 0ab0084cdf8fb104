import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, learnedSink, noMask, type Projected, scaledDot } from '../../index.ts'

/** Two heads, each with one query and two keys of score 0 and log 3; the value of the second key is 1. */
function inputs(device: Device): Projected {
  const key = [[0], [Math.log(3)]]
  return {
    query: device.tensor([[[[1]], [[1]]]]),
    key: device.tensor([[key, key]]),
    value: device.tensor([
      [
        [[0], [1]],
        [[0], [1]],
      ],
    ]),
  }
}

const parameters = (device: Device): Record<string, Record<string, Tensor>> => ({
  'learned-sink': { sink: device.tensor([Math.log(4), 0]) },
})
// Exponentials 1 and 3, and the head's own 4 or 1.
const expected = [3 / 8, 3 / 5]

testIdea(() => learnedSink(), {
  test,
  ideas: [
    {
      title: 'each head adds the exponential of its own sink to the sum',
      call: (device) => ({ parameters: parameters(device) }),
      inputs,
      expected,
    },
  ],
})

test('stage by stage gives the same', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const output = attendProjections(compose([scaledDot(), learnedSink()]), inputs(device), {
    mask: noMask,
    parameters: parameters(device),
    tap: (_, tensor) => tensor,
  }).readSync()
  expect(output[0]).toBeCloseTo(expected[0]!, 12)
  expect(output[1]).toBeCloseTo(expected[1]!, 12)
})
