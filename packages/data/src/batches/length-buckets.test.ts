import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLengthBuckets } from './length-buckets.ts'
import type { LengthBucketOptions, PairBatch, TokenPair } from './length-buckets.ts'
import type { RandomGenerator } from '../random/random-generator.ts'
import type { DataPosition, Positioned } from './position.ts'

const sequence = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 12 })
const corpus = fc.array(fc.record({ source: sequence, target: sequence }), { minLength: 1, maxLength: 40 })
const options: LengthBucketOptions = { tokensPerBatch: 60, paddingId: 0, seed: 7 }

function take<Item>(count: number, items: Iterable<Item>): Item[] {
  const taken: Item[] = []
  for (const item of items) if (taken.push(item) === count) break
  return taken
}

/** Pairs of 21 different shapes, several of each: translations are about as long as their sources. */
const fixed: TokenPair[] = Array.from({ length: 97 }, (_, index) => ({
  source: Array.from({ length: 1 + (index % 7) }, (_, place) => index + place + 1),
  target: Array.from({ length: 1 + (index % 7) + ((index * 5) % 3) }, (_, place) => index + place + 500),
}))

describe('createLengthBuckets', () => {
  test('gives every pair once an epoch, padded, within the limit of tokens', () => {
    fc.assert(
      fc.property(
        corpus,
        fc.integer({ min: 24, max: 200 }),
        fc.nat({ max: 3 }),
        (pairs, tokensPerBatch, epoch) => {
          const buckets = createLengthBuckets(pairs, { ...options, tokensPerBatch })
          const seen: number[] = []
          for (const batch of buckets.epoch(epoch)) {
            seen.push(...batch.indices)
            const [rows, sourceLength] = batch.source.shape
            const [targetRows, targetLength] = batch.target.shape
            expect(targetRows).toBe(rows)
            expect(batch.indices).toHaveLength(rows)
            expect(rows * (sourceLength + targetLength)).toBeLessThanOrEqual(tokensPerBatch)
            expect(rowsOf(batch, 'source')).toEqual(batch.indices.map((index) => pairs[index]?.source))
            expect(rowsOf(batch, 'target')).toEqual(batch.indices.map((index) => pairs[index]?.target))
          }
          expect(seen.toSorted((a, b) => a - b)).toEqual(pairs.map((_, index) => index))
        },
      ),
    )
  })

  test('fills the rest of each row with padding', () => {
    const [batch] = createLengthBuckets(
      [
        { source: [5, 6], target: [7] },
        { source: [8], target: [9] },
      ],
      {
        ...options,
        paddingId: 3,
      },
    ).epoch(0)
    const byIndex = (index: number): number => batch?.indices.indexOf(index) ?? -1
    expect(batch?.source.shape).toEqual([2, 2])
    expect([...(batch?.source.ids ?? [])].slice(byIndex(1) * 2, byIndex(1) * 2 + 2)).toEqual([8, 3])
    expect(batch?.source.lengths[byIndex(0)]).toBe(2)
  })

  test('continues from any position exactly as the uninterrupted run', () => {
    const uninterrupted = take(70, createLengthBuckets(fixed, options).batches())
    expect(uninterrupted.at(-1)?.position.epoch).toBeGreaterThan(1)
    for (const [index, { next }] of uninterrupted.slice(0, 40).entries()) {
      const stored = JSON.parse(JSON.stringify(next)) as DataPosition
      const resumed = take(20, createLengthBuckets(fixed, options).batches(stored))
      expect(resumed).toEqual(uninterrupted.slice(index + 1, index + 21))
    }
  })

  test('mixes pairs and batches anew each epoch, with the same shapes', () => {
    const buckets = createLengthBuckets(fixed, options)
    const [first, second] = [[...buckets.epoch(0)], [...buckets.epoch(1)]]
    expect(composition(second)).not.toEqual(composition(first))
    expect(composition(second).toSorted()).not.toEqual(composition(first).toSorted())
    expect(shapes(second)).not.toEqual(shapes(first))
    expect(shapes(second).toSorted()).toEqual(shapes(first).toSorted())
    expect(first).toHaveLength(buckets.batchesPerEpoch)
  })

  test('wastes little on padding', () => {
    const batches = [...createLengthBuckets(fixed, { ...options, tokensPerBatch: 120 }).epoch(0)]
    const cells = batches.reduce((sum, { source, target }) => sum + source.ids.length + target.ids.length, 0)
    const tokens = fixed.reduce((sum, { source, target }) => sum + source.length + target.length, 0)
    expect(tokens / cells).toBeGreaterThan(0.85)
  })

  test('depends on the seed', () => {
    expect(order(1)).toEqual(order(1))
    expect(order(2)).not.toEqual(order(1))
  })

  test('leaves out and counts what is too long', () => {
    const long = Array.from({ length: 20 }, () => 1)
    const pairs = [
      { source: [1], target: [2] },
      { source: long, target: [2] },
      { source: [1, 2, 3, 4, 5, 6], target: [1, 2, 3, 4, 5, 6] },
    ]
    const buckets = createLengthBuckets(pairs, { ...options, tokensPerBatch: 10, maximumLength: 10 })
    expect(buckets.leftOut).toEqual({ overMaximumLength: 1, overTokensPerBatch: 1 })
    expect([...buckets.epoch(0)].flatMap(({ indices }) => indices)).toEqual([0])
  })

  test('forms batches of variants, in as many batches as the pairs alone', () => {
    // As BPE-dropout: the same ids, some of them written twice.
    const stretch = (ids: ArrayLike<number>, random: RandomGenerator): number[] =>
      Array.from(ids).flatMap((id) => (random.below(4) === 0 ? [id, id] : [id]))
    const withoutRepeats = (ids: readonly number[]): number[] =>
      ids.filter((id, place) => id !== ids[place - 1])
    const once = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 12 })
    const pairLists = fc.array(fc.record({ source: once, target: once }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(pairLists, fc.integer({ min: 24, max: 200 }), (pairs, tokensPerBatch) => {
        const settings = { ...options, tokensPerBatch }
        const plain = createLengthBuckets(pairs, settings)
        const variantOf = (index: number, random: RandomGenerator): TokenPair => ({
          source: stretch(pairs[index]!.source, random),
          target: stretch(pairs[index]!.target, random),
        })
        const buckets = createLengthBuckets(pairs, { ...settings, variantOf })
        expect(buckets.batchesPerEpoch).toBe(plain.batchesPerEpoch)
        const epochs = [0, 1].map((epoch) => [...buckets.epoch(epoch)])
        for (const batches of epochs) {
          expect(batches).toHaveLength(plain.batchesPerEpoch)
          const seen = batches.flatMap(({ indices }) => indices).toSorted((a, b) => a - b)
          expect(seen).toEqual(pairs.map((_, index) => index))
          for (const batch of batches) {
            const sources = rowsOf(batch, 'source').map(withoutRepeats)
            expect(sources).toEqual(batch.indices.map((index) => pairs[index]!.source))
          }
        }
        expect([...buckets.epoch(1)]).toEqual(epochs[1])
        const last = epochs[0]!.at(-1)!
        expect(take(1, buckets.batches(last.position))).toEqual([last])
      }),
    )
  })

  test('a variant that is too long gives way to its pair', () => {
    const pairs = [{ source: [7], target: [8] }]
    const long = { ...options, maximumLength: 3, variantOf: () => ({ source: [1, 2, 3, 4], target: [1] }) }
    const [batch] = createLengthBuckets(pairs, long).epoch(0)
    expect(rowsOf(batch!, 'source')).toEqual([[7]])
    const empty = { ...options, variantOf: () => ({ source: [], target: [1] }) }
    expect(() => [...createLengthBuckets(pairs, empty).epoch(0)]).toThrow(
      "'variantOf[0].source' has no token",
    )
  })

  test.each([
    ['nothing', [], options, "'pairs' is empty, expected at least one pair"],
    [
      'only long pairs',
      fixed.slice(90),
      { ...options, tokensPerBatch: 2 },
      "'pairs' has 7 pairs, all of them too long",
    ],
    [
      'an empty sentence',
      [{ source: [1], target: [] }],
      options,
      "'pairs[0].target' has no token, expected at least one token",
    ],
    [
      'a fraction',
      [{ source: [1.5], target: [1] }],
      options,
      "'pairs[0].source' has the token id 1.5 at index 0, expected whole numbers",
    ],
    [
      'an id too large',
      [{ source: [1], target: [1, 2 ** 31] }],
      options,
      'has the token id 2147483648 at index 1',
    ],
    [
      'no budget',
      fixed,
      { ...options, tokensPerBatch: 1 },
      "'tokensPerBatch' is 1, expected a whole number of at least 2",
    ],
    ['a negative padding id', fixed, { ...options, paddingId: -1 }, "'paddingId' is -1"],
  ] as const)('refuses %s', (_, pairs, settings, message) => {
    expect(() => createLengthBuckets(pairs, settings)).toThrow(
      `createLengthBuckets: ${message.replace(/^has/, "'pairs[0].target' has")}`,
    )
  })

  test.each([
    { epoch: 0, batch: 1000 },
    { epoch: -1, batch: 0 },
    { epoch: 0, batch: 0.5 },
  ])('refuses the position %j', (position) => {
    expect(() => createLengthBuckets(fixed, options).batches(position)).toThrow(
      `createLengthBuckets: 'position' is { epoch: ${position.epoch}, batch: ${position.batch} }, expected whole numbers`,
    )
  })
})

function rowsOf(batch: Positioned<PairBatch>, side: 'source' | 'target'): number[][] {
  const { ids, shape, lengths } = batch[side]
  return Array.from(lengths, (length, row) => [...ids.subarray(row * shape[1], row * shape[1] + length)])
}

/** Which pairs each batch holds, whatever the order of its rows. */
function composition(batches: readonly PairBatch[]): string[] {
  return batches.map(({ indices }) => indices.toSorted().join(' '))
}

function shapes(batches: readonly PairBatch[]): string[] {
  return batches.map(({ source, target }) => `${source.shape.join(' x ')}, ${target.shape.join(' x ')}`)
}

function order(seed: number): number[] {
  return [...createLengthBuckets(fixed, { ...options, seed }).epoch(0)].flatMap(({ indices }) => indices)
}
