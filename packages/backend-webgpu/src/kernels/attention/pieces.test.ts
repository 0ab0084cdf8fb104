import { type AttentionAttrs, type AttentionMask, keyRanges } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Piece, piecesOf } from './pieces.ts'
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
  fc.record({
    kind: fc.constant('blocks' as const),
    size: fc.constant(128),
    table: fc.constant(
      Array.from({ length: 40 }, (_, row) =>
        Array.from({ length: 40 }, (_, column) => Number((row * 7 + column * 5) % 11 === 0)),
      ),
    ),
  }),
)

/** The keys of a piece. */
function keysOf({ firstKey, keys }: Piece, list: readonly number[] | undefined): readonly number[] {
  const places = Array.from({ length: keys }, (_, index) => firstKey + index)
  return list ? places.map((place) => list[place]!) : places
}

describe('the pieces of attention', () => {
  test('hold every query once, with all keys that it may attend to, each once', () => {
    const calls = fc.record({
      mask: masks,
      heads: fc.integer({ min: 1, max: 64 }),
      queries: fc.nat({ max: 5000 }),
      keys: fc.nat({ max: 5000 }),
      queryStart: fc.nat({ max: 100 }),
    })
    fc.assert(
      fc.property(calls, ({ mask, heads, queries, keys, queryStart }) => {
        const { pieces, list } = piecesOf(attrsOf(mask), queryStart, lengthsOf(heads, queries, keys))
        let next = 0
        for (const piece of pieces) {
          expect(piece.firstQuery).toBe(next)
          next += piece.queries
          if (piece.queries === 0) continue
          const own = keysOf(piece, list)
          const held = new Set(own)
          expect(held.size).toBe(own.length)
          expect(Math.max(-1, ...held)).toBeLessThan(keys)
          const [from, to] = [queryStart + piece.firstQuery, queryStart + next - 1]
          const needed = keyRanges(mask, from, to, keys).flatMap(({ first, end }) =>
            Array.from({ length: end - first }, (_, index) => first + index),
          )
          expect(needed.filter((key) => !held.has(key))).toEqual([])
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
      const { pieces } = piecesOf(attrsOf({ kind: 'all' }), 0, lengthsOf(heads, length, length))
      expect(Math.max(...pieces.map(({ queries, keys }) => heads * queries * keys))).toBeLessThanOrEqual(
        2 ** 24,
      )
    }
  })

  const scoresOf = (mask: AttentionMask, length: number): number =>
    piecesOf(attrsOf(mask), 0, lengthsOf(8, length, length)).pieces.reduce(
      (sum, { queries, keys }) => sum + 8 * queries * keys,
      0,
    )

  test.each<[string, AttentionMask]>([
    ['a window', { kind: 'window', left: 128, right: 0 }],
    ['a window with sinks', { kind: 'window', left: 128, right: 0, sinks: 4 }],
    [
      'blocks of which each row keeps three',
      {
        kind: 'blocks',
        size: 128,
        table: Array.from({ length: 128 }, (_, row) =>
          Array.from({ length: 128 }, (_, column) =>
            Number(column === row || column === 0 || column === (row * 37) % (row + 1)),
          ),
        ),
      },
    ],
  ])('cost in proportion to the length under %s', (_, mask) => {
    expect(scoresOf(mask, 16_384) / scoresOf(mask, 4096)).toBeCloseTo(4, 0)
  })

  test.each<[string, AttentionMask, boolean]>([
    ['a window with sinks', { kind: 'window', left: 30, right: 0, sinks: 3 }, true],
    ['a window', { kind: 'window', left: 30, right: 0 }, false],
    ['sinks as wide as most of the text', { kind: 'window', left: 30, right: 0, sinks: 200 }, false],
  ])('list their keys where gaps save enough: %s', (_, mask, listed) => {
    expect(piecesOf(attrsOf(mask), 10, lengthsOf(4, 300, 310)).list !== undefined).toBe(listed)
  })

  test('cost half of all scores under a causal mask', () => {
    expect(scoresOf({ kind: 'causal' }, 4096) / (8 * 4096 ** 2)).toBeLessThan(0.55)
  })

  test('are one where the call is small', () => {
    expect(piecesOf(attrsOf({ kind: 'causal' }), 0, lengthsOf(4, 128, 128)).pieces).toHaveLength(1)
    expect(piecesOf(attrsOf({ kind: 'all' }), 0, lengthsOf(8, 512, 512)).pieces).toHaveLength(1)
  })
})
