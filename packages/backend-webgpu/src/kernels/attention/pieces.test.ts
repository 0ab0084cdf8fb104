import { type AttentionAttrs, type AttentionMask, keyRange } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { piecesOf } from './pieces.ts'
import type { AttentionLengths } from './plan.ts'

const lengthsOf = (heads: number, queries: number, keys: number): AttentionLengths => ({
  batch: 1,
  keyHeads: heads,
  group: 1,
  heads,
  queries,
  keys,
  headSize: 64,
  valueSize: 64,
})

const attrsOf = (mask: AttentionMask): AttentionAttrs => ({
  scale: 1,
  softcap: null,
  mask,
  masks: 0,
  hasBias: false,
  hasSinks: false,
  hasKeyLengths: false,
  dropoutRate: 0,
})

const masks = fc.oneof(
  fc.constant<AttentionMask>({ kind: 'all' }),
  fc.constant<AttentionMask>({ kind: 'causal' }),
  fc.record({
    kind: fc.constant('window' as const),
    left: fc.nat({ max: 600 }),
    right: fc.nat({ max: 60 }),
    sinks: fc.nat({ max: 4 }),
  }),
)

const range = (first: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)

describe('the pieces of attention', () => {
  test('hold every query once, with all keys that it may attend to', () => {
    const calls = fc.record({
      mask: masks,
      heads: fc.integer({ min: 1, max: 64 }),
      queries: fc.nat({ max: 5000 }),
      keys: fc.nat({ max: 5000 }),
      queryStart: fc.nat({ max: 100 }),
    })
    fc.assert(
      fc.property(calls, ({ mask, heads, queries, keys, queryStart }) => {
        const pieces = piecesOf(attrsOf(mask), queryStart, lengthsOf(heads, queries, keys))
        let next = 0
        for (const piece of pieces) {
          expect(piece.firstQuery).toBe(next)
          next += piece.queries
          expect(piece.firstKey + piece.keys).toBeLessThanOrEqual(keys)
          const [from, to] = [queryStart + piece.firstQuery, queryStart + next - 1]
          const { first, end } = keyRange(mask, from, to, keys)
          const left = range(first, end).filter(
            (key) => key < piece.firstKey || key >= piece.firstKey + piece.keys,
          )
          expect(piece.queries === 0 ? [] : left).toEqual([])
        }
        expect(next).toBe(queries)
      }),
    )
  })

  test('are bounded in memory, down to a query at a time', () => {
    for (const [heads, length] of [
      [1, 16_384],
      [64, 16_384],
    ] as const) {
      const pieces = piecesOf(attrsOf({ kind: 'all' }), 0, lengthsOf(heads, length, length))
      expect(Math.max(...pieces.map(({ queries, keys }) => heads * queries * keys))).toBeLessThanOrEqual(
        2 ** 24,
      )
    }
  })

  const scoresOf = (mask: AttentionMask, length: number): number =>
    piecesOf(attrsOf(mask), 0, lengthsOf(8, length, length)).reduce(
      (sum, { queries, keys }) => sum + 8 * queries * keys,
      0,
    )

  test('cost in proportion to the length under a window', () => {
    const mask: AttentionMask = { kind: 'window', left: 128, right: 0 }
    expect(scoresOf(mask, 16_384) / scoresOf(mask, 4096)).toBeCloseTo(4, 0)
  })

  test('cost half of all scores under a causal mask', () => {
    expect(scoresOf({ kind: 'causal' }, 4096) / (8 * 4096 ** 2)).toBeLessThan(0.55)
  })

  test('are one where the call is small', () => {
    expect(piecesOf(attrsOf({ kind: 'causal' }), 0, lengthsOf(4, 128, 128))).toHaveLength(1)
    expect(piecesOf(attrsOf({ kind: 'all' }), 0, lengthsOf(8, 512, 512))).toHaveLength(1)
  })
})
