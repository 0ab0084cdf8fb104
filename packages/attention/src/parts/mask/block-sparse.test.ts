import { createReferenceBackend, Device, RandomStream, slice, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import {
  blockSparse,
  causal,
  compose,
  createCache,
  MultiHeadAttention,
  noMask,
  scaledDot,
} from '../../index.ts'

const table = [
  [1, 0, 0],
  [0, 1, 1],
  [1, 0, 0],
]

testAttention(
  () =>
    blockSparse({
      size: 4,
      table: [
        [1, 0, 0],
        [1, 1, 0],
        [1, 0, 1],
      ],
    }),
  { test },
)

testMask(() => blockSparse({ size: 3, table }), {
  test,
  cases: [
    {
      title: 'keeps the blocks of its table',
      queries: 8,
      keys: 8,
      keeps: ({ query, key }) => table[Math.floor(query / 3)]![Math.floor(key / 3)] === 1,
    },
    {
      title: 'counts queries from where they start',
      queries: 2,
      keys: 7,
      queryStart: 5,
      call: () => ({ beside: [causal()] }),
      keeps: ({ query, key }) => key <= query && table[Math.floor(query / 3)]![Math.floor(key / 3)] === 1,
    },
  ],
})

test('without a table every key is kept', () => {
  expect(blockSparse().mask!(testContext())).toBe(noMask)
})

test('a table that does not cover the positions is refused, also in the midst of a text', () => {
  const device = new Device(createReferenceBackend())
  const composition = compose([
    scaledDot(),
    blockSparse({
      size: 2,
      table: [
        [1, 0],
        [1, 1],
      ],
    }),
    causal(),
  ])
  const attention = new MultiHeadAttention(
    { device, random: new RandomStream(1) },
    { width: 4, heads: 1, composition },
  )
  const cache = createCache(composition)
  const x = device.tensor(Array.from({ length: 20 }, Math.cos), { shape: [1, 5, 4] })
  const call = (start: number): Tensor => {
    const piece = slice(x, [{}, { start, size: 1 }])
    return attention.forward(piece, piece, { mask: noMask, side: {}, cache })
  }
  for (let start = 0; start < 4; start++) expect(call(start).shape).toEqual([1, 1, 4])
  expect(() => call(4)).toThrow(
    "block-sparse: 'table' covers 4 queries and 4 keys, expected room for 5 queries and 5 keys. " +
      'Add rows and columns, or make the blocks larger.',
  )
})

test.each([
  [
    { size: 0 },
    "block-sparse: 'size' is 0, expected a whole number of at least 1. Give the size in positions, such as 128.",
  ],
  [
    { table: [[1, 0], [1]] },
    "block-sparse: 'table' is [[1,0],[1]], expected rows of equal length that hold 0 or 1. " +
      'Give one row for each block of queries, and one column for each block of keys.',
  ],
  [{ table: [[2]] }, "block-sparse: 'table' is [[2]], expected rows of equal length that hold 0 or 1."],
  [{ table: [] }, "block-sparse: 'table' is [], expected rows of equal length that hold 0 or 1."],
])('%j is refused', (options, sentence) => {
  expect(() => blockSparse(options)).toThrow(sentence)
})
