import { expect, test } from 'vitest'
import { mismatchOfKeyHeads } from '../../testing/key-head-loops.test-helper.ts'
import { compose, groupedQuery, multiHead, multiQuery, scaledDot } from '../../index.ts'

test('every query head has a key head, also where the options of the attention say otherwise', () => {
  const sizes = { heads: 4, keyHeads: 4, otherwise: 2 }
  expect(mismatchOfKeyHeads(multiHead(), sizes)).toBeNull()
  expect(mismatchOfKeyHeads({ name: 'nothing', source: '' }, sizes)).toBe('got 2 key heads')
  expect(mismatchOfKeyHeads(multiQuery(), sizes)).toBe('got 1 key heads')
})

test('only one part decides how many key heads there are', () => {
  expect(() => compose([scaledDot(), multiHead(), multiQuery()])).toThrow(
    "compose: 'keyHeads' claimed by 'multi-head' and 'multi-query', expected one owner per slot. Keep one of them.",
  )
  expect(() => compose([scaledDot(), groupedQuery(), multiHead()])).toThrow("'keyHeads' claimed by")
})
