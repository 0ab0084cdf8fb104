import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../../backend/reference/reference-backend.ts'
import { Device } from '../../device.ts'
import { keyRange, withoutRanges } from './key-range.ts'
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

describe('the range of keys', () => {
  test('holds every key that any query of the stretch keeps', () => {
    fc.assert(
      fc.property(stretches, ({ mask, from, count, keys }) => {
        const queries = Math.min(count, positions - from)
        const { first, end } = keyRange(mask, from, from + queries - 1, keys)
        const kept = keptKeys(mask, from, queries, keys).flat()
        expect(kept.filter((key) => key < first || key >= end)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('is the mask of a single query where nothing is left to look at', () => {
    fc.assert(
      fc.property(stretches, ({ mask, from, keys }) => {
        fc.pre(withoutRanges(mask) === undefined)
        const { first, end } = keyRange(mask, from, from, keys)
        const expected = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)
        expect(keptKeys(mask, from, 1, keys)[0]).toEqual(expected)
      }),
    )
  })

  test.each([
    [
      { kind: 'window', left: 2, right: 0 },
      { first: 6, end: 12 },
    ],
    [{ kind: 'causal' }, { first: 0, end: 12 }],
    [
      {
        kind: 'blocks',
        size: 4,
        table: [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 1, 1, 0],
          [0, 0, 0, 1],
        ],
      },
      { first: 4, end: 12 },
    ],
    [
      { kind: 'blocks', size: 16, table: [[0]] },
      { first: 16, end: 0 },
    ],
  ] as const satisfies readonly (readonly [AttentionMask, unknown])[])(
    'of queries 8 to 11 is short: %j',
    (mask, expected) => {
      expect(keyRange(mask, 8, 11, 16)).toEqual(expected)
    },
  )
})
