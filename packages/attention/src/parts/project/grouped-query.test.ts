import { expect, test } from 'vitest'
import { mismatchOfKeyHeads } from '../../testing/key-head-loops.test-helper.ts'
import { groupedQuery, multiHead } from '../../index.ts'

test.each([
  [4, 2],
  [6, 3],
  [6, 2],
  [3, 1],
])('%i query heads read %i key heads in equal groups', (heads, keyHeads) => {
  const sizes = { heads, keyHeads, otherwise: heads }
  expect(mismatchOfKeyHeads(groupedQuery({ keyHeads }), sizes)).toBeNull()
})

test('without the part, heads do not share', () => {
  const sizes = { heads: 4, keyHeads: 2, otherwise: 4 }
  expect(mismatchOfKeyHeads({ name: 'nothing', source: '' }, sizes)).toBe('got 4 key heads')
  expect(mismatchOfKeyHeads(multiHead(), sizes)).toBe('got 4 key heads')
})

test('unless it is said, groups are about as large as there are many', () => {
  // Divisors up to the root: of 12 up to 3.46, of 7 up to 2.6, of 64 as in the paper.
  const got = [1, 2, 4, 7, 12, 64].map((heads) => groupedQuery().keyHeads!(heads))
  expect(got).toEqual([1, 1, 2, 1, 3, 8])
})

test('heads that do not divide', () => {
  const sizes = { heads: 4, keyHeads: 3, otherwise: 4 }
  expect(() => mismatchOfKeyHeads(groupedQuery({ keyHeads: 3 }), sizes)).toThrow(
    "grouped-query: 'keyHeads' is 3, expected a whole number that divides the 4 heads. " +
      'Each key head serves an equal group of query heads.',
  )
})

test.each([0, -1, 1.5, Number.NaN])('%d key heads', (keyHeads) => {
  expect(() => groupedQuery({ keyHeads })).toThrow(
    `grouped-query: 'keyHeads' is ${keyHeads}, expected a whole number of at least 1. Leave it out for the default.`,
  )
})
