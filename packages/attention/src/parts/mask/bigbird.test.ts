import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { type AttentionContext, bigbird, type BigbirdOptions, causal } from '../../index.ts'

testAttention(() => bigbird({ blockSize: 1, window: 1, globals: 1, random: 1 }), { test })
testAttention(() => bigbird({ blockSize: 2, window: 1, globals: 0, random: 1 }), { test })

const device = new Device(createReferenceBackend())

/** The table for a text of `length` positions. */
function tableOf(options: BigbirdOptions, length: number, isCausal = false): readonly (readonly number[])[] {
  const mask = bigbird(options).mask!({
    device,
    causal: isCausal,
    maximumLength: length,
    queryStart: 0,
    queryLength: length,
    keyLength: length,
  } as AttentionContext)
  return mask.kind === 'blocks' ? mask.table : []
}

const options = { blockSize: 2, window: 3, globals: 1, random: 1, seed: 5 }
const drawn = tableOf(options, 14)

testMask(() => bigbird({ ...options, random: 0 }), {
  test,
  cases: [
    {
      title: 'keeps neighbouring blocks and global ones',
      queries: 13,
      keys: 13,
      keeps({ query, key }) {
        const [row, column] = [Math.floor(query / 2), Math.floor(key / 2)]
        return Math.abs(row - column) <= 1 || row === 0 || column === 0
      },
    },
  ],
})

testMask(() => bigbird(options), {
  test,
  cases: [
    {
      title: 'keeps one block more that was drawn',
      queries: 14,
      keys: 14,
      keeps: ({ query, key }) => drawn[Math.floor(query / 2)]![Math.floor(key / 2)] === 1,
    },
  ],
})

test('every row draws as many blocks as it says, from those that it does not see anyway', () => {
  const sizes = fc.integer({ min: 0, max: 4 })
  fc.assert(
    fc.property(sizes, sizes, fc.boolean(), fc.nat(1000), (globals, random, isCausal, seed) => {
      const table = tableOf({ blockSize: 4, window: 3, globals, random, seed }, 40, isCausal)
      for (const [row, flags] of table.entries()) {
        const certain = flags.map(
          (_, column) => row < globals || column < globals || Math.abs(row - column) <= 1,
        )
        const extra = flags.flatMap((flag, column) => (flag === 1 && !certain[column] ? [column] : []))
        const free = certain.flatMap((kept, column) => (kept || (isCausal && column > row) ? [] : [column]))
        expect(flags.filter((flag, column) => certain[column] && flag === 0)).toEqual([])
        expect(extra).toHaveLength(Math.min(random, free.length))
        expect(extra.filter((column) => !free.includes(column))).toEqual([])
      }
    }),
    { numRuns: 50 },
  )
})

test('the draw is the same again, and another for another seed', () => {
  expect(tableOf(options, 40)).toEqual(tableOf(options, 40))
  expect(tableOf(options, 40)).not.toEqual(tableOf({ ...options, seed: 6 }, 40))
})

test('with causal, what a row draws does not depend on the length', () => {
  const [short, long] = [tableOf(options, 20, true), tableOf(options, 40, true)]
  const past = (table: typeof short): number[][] =>
    table.slice(0, 10).map((flags, row) => flags.slice(0, row + 1))
  expect(past(short)).toEqual(past(long))
})

testMask(() => bigbird({ blockSize: 1, window: 1, globals: 0, random: 0 }), {
  test,
  cases: [
    {
      title: 'with nothing but a window of one block of 1, sees itself',
      queries: 2,
      keys: 6,
      queryStart: 4,
      call: () => ({ beside: [causal()] }),
      keeps: ({ query, key }) => query === key,
    },
  ],
})

test.each([
  [{ blockSize: 0 }, "bigbird: 'blockSize' is 0, expected a whole number of at least 1."],
  [{ window: 0 }, "bigbird: 'window' is 0, expected a whole number of at least 1."],
  [
    { window: 2 },
    "bigbird: 'window' is 2, expected an odd number. As many before a block as after it: use 3.",
  ],
  [{ globals: -1 }, "bigbird: 'globals' is -1, expected a whole number of at least 0."],
  [{ random: 0.5 }, "bigbird: 'random' is 0.5, expected a whole number of at least 0."],
  [{ seed: Number.NaN }, "bigbird: 'seed' is NaN, expected a whole number of at least 0."],
])('%j is refused', (wrong, sentence) => {
  expect(() => bigbird(wrong)).toThrow(sentence)
})
