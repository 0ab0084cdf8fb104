import { zeros } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { sinusoidal } from '../../index.ts'

const { sin, cos } = Math
const position = 3

testEmbeddingIdea(() => sinusoidal(), {
  test,
  ideas: [
    {
      // Frequencies 10000^(-2c / 4): 1 and 1 / 100.
      title: 'sines and cosines take turns, from the start on',
      start: position,
      inputs: (device) => device.tensor([1, 2, 3, 4], { shape: [1, 1, 4] }),
      expected: [1 + sin(3), 2 + cos(3), 3 + sin(0.03), 4 + cos(0.03)],
    },
  ],
})

testEmbeddingIdea(() => sinusoidal({ layout: 'concatenated' }), {
  test,
  ideas: [
    {
      title: 'concatenated, sines come before cosines',
      start: position,
      inputs: (device) => zeros(device, [1, 1, 4]),
      expected: [sin(3), sin(0.03), cos(3), cos(0.03)],
    },
  ],
})

testEmbeddingIdea(() => sinusoidal({ layout: 'tensor2tensor', formula: 'power' }), {
  test,
  ideas: [
    {
      title: 'as in tensor2tensor, the last frequency is 1 / 10000',
      start: position,
      inputs: (device) => zeros(device, [1, 1, 4]),
      expected: [sin(3), sin(0.0003), cos(3), cos(0.0003)],
    },
  ],
})

test('a layout or a formula that there is not is an error', () => {
  expect(() => sinusoidal({ layout: 'mixed' as never })).toThrow(
    "sinusoidal: 'layout' is 'mixed', expected 'interleaved', 'concatenated' or 'tensor2tensor'.",
  )
  expect(() => sinusoidal({ formula: 'exact' as never })).toThrow(
    "sinusoidal: 'formula' is 'exact', expected 'exponential', 'power' or 'vectorized'.",
  )
})
