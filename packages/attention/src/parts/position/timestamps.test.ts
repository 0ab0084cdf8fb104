import { createReferenceBackend, Device, RandomStream, type Tensor, zeros } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { compose, PositionEmbedding, scaledDot, timestamps } from '../../index.ts'

testEmbeddingIdea(() => timestamps({ fields: { hour: 3, weekday: 2 } }), {
  test,
  ideas: [
    {
      title: 'adds the vector of the hour and that of the weekday, from the start on',
      start: 1,
      inputs: (device) => device.tensor([0, 0, 1000, 2000], { shape: [1, 2, 2] }),
      parameters: (device) => ({
        hour: device.tensor([1, 2, 3, 4, 5, 6], { shape: [3, 2] }),
        weekday: device.tensor([10, 20, 30, 40], { shape: [2, 2] }),
      }),
      side: (device) => ({
        timestamps: device.tensor([0, 0, 2, 1, 1, 0], { shape: [1, 3, 2], dtype: 'int32' }),
      }),
      expected: [5 + 30, 6 + 40, 1003 + 10, 2004 + 20],
    },
  ],
})

test('days and months may count from 1', () => {
  const shape = (name: string): readonly number[] =>
    timestamps().parameters![name]!.shape({ width: 4, heads: 1, keyHeads: 1, headSize: 4, maximumLength: 9 })
  expect(['hour', 'weekday', 'day', 'month'].map(shape)).toEqual([
    [24, 4],
    [7, 4],
    [32, 4],
    [13, 4],
  ])
})

test('side inputs of another shape, of another type or none are errors', () => {
  const device = new Device(createReferenceBackend())
  const positions = new PositionEmbedding(
    { device, random: new RandomStream(1) },
    compose([scaledDot(), timestamps({ fields: { hour: 24 } })]),
    { width: 2, heads: 1, keyHeads: 1, headSize: 2, maximumLength: 9 },
  )
  const embed = (stamps: Tensor | 'none'): unknown =>
    positions.forward(zeros(device, [1, 2, 2]), 0, { timestamps: stamps })
  expect(() => embed('none')).toThrow(
    "timestamps: 'side.timestamps' is 'none', expected int32 [1, 2, 1], axes [batch, length, columns]. " +
      "Pass it to the position embedding, or leave 'timestamps' out.",
  )
  expect(() => embed(device.tensor([1, 2, 3], { shape: [1, 3, 1], dtype: 'int32' }))).toThrow(
    "timestamps: 'side.timestamps' is int32 [1, 3, 1], expected int32 [1, 2, 1], axes [batch, length, columns].",
  )
  expect(() => embed(zeros(device, [1, 2, 1]))).toThrow('is float32 [1, 2, 1], expected int32')
})

test('a field without values is an error', () => {
  expect(() => timestamps({ fields: { hour: 0 } })).toThrow(
    "timestamps: 'hour' is 0, expected a whole number of at least 1.",
  )
})
