import { createReferenceBackend, Device, zeros } from '@qkv/tensor'
import { RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { compose, PositionEmbedding, scaledDot, sinusoidal2d } from '../../index.ts'

/** get_2d_sincos_pos_embed of MAE by hand: width 8 has the frequencies 1 and 10000^(-1 / 2) = 1 / 100 along each axis. */
const line = (place: number): readonly number[] => [
  Math.sin(place),
  Math.sin(place / 100),
  Math.cos(place),
  Math.cos(place / 100),
]
const cells = [0, 1].flatMap((row) => [0, 1, 2].map((column) => [...line(column), ...line(row)]))

testEmbeddingIdea(() => sinusoidal2d({ grid: [2, 3] }), {
  test,
  ideas: [
    {
      title: 'the column comes before the row, sines before cosines',
      inputs: (device) => zeros(device, [1, 6, 8]),
      expected: cells.flat(),
    },
    {
      title: 'from a start on',
      start: 4,
      inputs: (device) => zeros(device, [1, 2, 8]),
      expected: cells.slice(4).flat(),
    },
  ],
})

testEmbeddingIdea(() => sinusoidal2d({ grid: [2, 3], leading: 1 }), {
  test,
  ideas: [
    {
      title: 'a class token before the grid gets nothing',
      inputs: (device) => zeros(device, [1, 7, 8]),
      expected: [...new Array<number>(8).fill(0), ...cells.flat()],
    },
  ],
})

test('sizes that do not fit are errors', () => {
  const device = new Device(createReferenceBackend())
  const embed = (length: number, width: number): unknown =>
    new PositionEmbedding(
      { device, random: new RandomStream(1) },
      compose([scaledDot(), sinusoidal2d({ grid: [2, 3], leading: 1 })]),
      { width, heads: 1, keyHeads: 1, headSize: width, maximumLength: 9 },
    ).forward(zeros(device, [1, length, width]), 0)
  expect(() => embed(7, 6)).toThrow(
    "sinusoidal-2d: 'width' is 6, expected a multiple of 4. Sines and cosines of columns and of rows share it: change the width of the model.",
  )
  expect(() => embed(8, 8)).toThrow(
    "sinusoidal-2d: 'embeddings' reaches position 7, expected positions below 7, for 1 leading ones and a grid of 2 x 3. " +
      'Give the `grid` of these sequences, and how many `leading` positions come before it.',
  )
})

test('a grid of one number is an error', () => {
  expect(() => sinusoidal2d({ grid: [4] as never })).toThrow(
    "sinusoidal-2d: 'grid' is [4], expected rows and columns",
  )
})
