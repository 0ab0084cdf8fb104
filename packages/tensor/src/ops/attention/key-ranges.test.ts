import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../../backend/reference/reference-backend.ts'
import { Device } from '../../device.ts'
import { type KeyRange, keyRanges, keysIn, withoutRanges } from './key-ranges.ts'
import { type AttentionMask, maskTensor } from './mask.ts'

const device = new Device(createReferenceBackend())
/** The table of block masks reaches as far as any position here. */
const positions = 24

const masks: fc.Arbitrary<AttentionMask> = fc.letrec<{ mask: AttentionMask }>((tie) => ({
  mask: fc.oneof(
    { depthSize: 'small' },
    fc.constant<AttentionMask>({ kind: 'all' }),
    fc.constant<AttentionMask>({ kind: 'causal' }),
    fc.record({
      kind: fc.constant('window' as const),
      left: fc.nat({ max: 5 }),
      right: fc.nat({ max: 3 }),
      sinks: fc.nat({ max: 2 }),
    }),
    fc
      .array(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 8, maxLength: 8 }), {
        minLength: 8,
        maxLength: 8,
      })
      .map((table): AttentionMask => ({ kind: 'blocks', size: 3, table })),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('mask'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).mask

const stretches = fc.record({
  mask: masks,
  from: fc.nat({ max: positions - 1 }),
  count: fc.integer({ min: 1, max: 6 }),
  keys: fc.integer({ min: 1, max: positions }),
})

/** For each query, which keys it keeps by the mask's definition. */
function keptKeys(mask: AttentionMask, from: number, queries: number, keys: number): readonly number[][] {
  const tensor = maskTensor(mask, {
    device,
    queryLength: queries,
    keyLength: keys,
    queryStart: from,
    tensors: [],
  })
  const all = Array.from({ length: keys }, (_, key) => key)
  if (tensor === undefined) return Array.from({ length: queries }, () => all)
  const flags = [...tensor.readSync()]
  return Array.from({ length: queries }, (_, query) => all.filter((key) => flags[query * keys + key]! > 0))
}

const keysOf = (ranges: readonly KeyRange[]): readonly number[] =>
  ranges.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, index) => first + index))

describe('the ranges of keys', () => {
  test('hold every key that any query of the stretch keeps, in order and with gaps between them', () => {
    fc.assert(
      fc.property(stretches, ({ mask, from, count, keys }) => {
        const queries = Math.min(count, positions - from)
        const ranges = keyRanges(mask, from, from + queries - 1, keys)
        const held = new Set(keysOf(ranges))
        const kept = keptKeys(mask, from, queries, keys).flat()
        expect(kept.filter((key) => !held.has(key))).toEqual([])
        const ends = ranges.flatMap(({ first, end }) => [first, end])
        expect(ends).toEqual([...new Set(ends)].toSorted((a, b) => a - b))
        expect(ends.at(-1) ?? 0).toBeLessThanOrEqual(keys)
        expect(keysIn(ranges)).toBe(held.size)
      }),
      { numRuns: 400 },
    )
  })

  test('of a single query hold the keys that it keeps, and no other, whatever the mask', () => {
    fc.assert(
      fc.property(stretches, ({ mask, from, keys }) => {
        expect(keysOf(keyRanges(mask, from, from, keys))).toEqual(keptKeys(mask, from, 1, keys)[0])
      }),
    )
  })

  test('of a single query are one where nothing is left to look at', () => {
    fc.assert(
      fc.property(stretches, ({ mask, from, keys }) => {
        fc.pre(withoutRanges(mask) === undefined)
        expect(keyRanges(mask, from, from, keys).length).toBeLessThanOrEqual(1)
      }),
    )
  })

  test.each([
    [{ kind: 'window', left: 2, right: 0 }, [{ first: 6, end: 12 }]],
    [
      { kind: 'window', left: 2, right: 0, sinks: 2 },
      [
        { first: 0, end: 2 },
        { first: 6, end: 12 },
      ],
    ],
    [{ kind: 'window', left: 6, right: 0, sinks: 2 }, [{ first: 0, end: 12 }]],
    [{ kind: 'causal' }, [{ first: 0, end: 12 }]],
    [
      {
        kind: 'blocks',
        size: 3,
        table: [
          [1, 0, 0, 0, 0, 0],
          [0, 1, 0, 0, 0, 0],
          [0, 1, 0, 0, 0, 0],
          [0, 0, 0, 1, 0, 1],
        ],
      },
      [
        { first: 3, end: 6 },
        { first: 9, end: 12 },
        { first: 15, end: 16 },
      ],
    ],
    [{ kind: 'blocks', size: 16, table: [[0]] }, []],
    [
      {
        kind: 'and',
        of: [
          { kind: 'causal' },
          { kind: 'window', left: 2, right: 3, sinks: 1 },
          { kind: 'tensor', input: 0 },
        ],
      },
      [
        { first: 0, end: 1 },
        { first: 6, end: 12 },
      ],
    ],
  ] as const satisfies readonly (readonly [AttentionMask, unknown])[])(
    'of queries 8 to 11 are short: %j',
    (mask, expected) => {
      expect(keyRanges(mask, 8, 11, 16)).toEqual(expected)
    },
  )
})
