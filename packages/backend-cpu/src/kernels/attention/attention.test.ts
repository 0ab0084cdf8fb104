import type { AttentionMask, AttentionOptions, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bools,
  masks,
  maskTensors,
  outputsAndGradients,
  type Sizes,
  waves,
} from '../../testing/attention-programs.ts'
import { compare } from '../../testing/compare.ts'

const sizes: fc.Arbitrary<Sizes> = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  keyHeads: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 3 }),
  queries: fc.integer({ min: 1, max: 9 }),
  keys: fc.integer({ min: 1, max: 9 }),
  headSize: fc.integer({ min: 1, max: 6 }),
  valueSize: fc.integer({ min: 1, max: 6 }),
})

describe('outputs and gradients agree with the definition', () => {
  test('under any mask', () => {
    fc.assert(
      fc.property(sizes, masks, fc.nat({ max: 8 }), fc.boolean(), (size, mask, queryStart, shortened) => {
        const options = (device: Device): AttentionOptions => ({
          mask,
          masks: maskTensors(device, size),
          queryStart,
          ...(shortened && {
            keyLengths: device.tensor(Int32Array.from({ length: size.batch }, (_, entry) => entry * 3)),
          }),
        })
        expect(compare((device) => outputsAndGradients(device, size, options), 1e-5)).toBeNull()
      }),
      { numRuns: 120 },
    )
  })

  test('with bias, sinks, soft cap and dropout', () => {
    const settings = fc.record({
      biasShape: fc.constantFrom('none', 'full', 'heads', 'keys'),
      sinks: fc.boolean(),
      softcap: fc.option(fc.constant(1.5), { nil: undefined }),
      dropped: fc.boolean(),
      mask: masks,
      queryStart: fc.nat({ max: 8 }),
    })
    fc.assert(
      fc.property(sizes, settings, (size, { biasShape, sinks, softcap, dropped, mask, queryStart }) => {
        const heads = size.keyHeads * size.group
        const biasShapes: Readonly<Record<string, readonly number[]>> = {
          full: [size.batch, heads, size.queries, size.keys],
          heads: [heads, 1, size.keys],
          keys: [size.keys],
        }
        const options = (device: Device): AttentionOptions => ({
          mask,
          masks: maskTensors(device, size),
          queryStart,
          ...(biasShapes[biasShape] && { bias: waves(device, biasShapes[biasShape], 0.37) }),
          ...(sinks && { sinks: waves(device, [heads], 0.71) }),
          ...(softcap && { softcap }),
          ...(dropped && { dropout: { rate: 0.3, key: [11, 12] as const } }),
        })
        expect(compare((device) => outputsAndGradients(device, size, options), 1e-5)).toBeNull()
      }),
      { numRuns: 80 },
    )
  })
})

/** Blocks with gaps between them, and a row without any. */
function scattered(count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (_, column) => Number(row !== 3 && (row * 7 + column * 3) % 5 === 0)),
  )
}

test('many blocks of queries', () => {
  const size: Sizes = { batch: 1, keyHeads: 1, group: 2, queries: 75, keys: 80, headSize: 5, valueSize: 3 }
  for (const mask of [
    { kind: 'causal' },
    { kind: 'window', left: 6, right: 0 },
    { kind: 'and', of: [{ kind: 'causal' }, { kind: 'tensor', input: 0 }] },
    { kind: 'window', left: 6, right: 1, sinks: 3 },
    { kind: 'blocks', size: 4, table: scattered(20) },
  ] as const satisfies readonly AttentionMask[]) {
    const options = (device: Device): AttentionOptions => ({
      mask,
      masks: mask.kind === 'and' ? [bools(device, [1, 1, 1, 80], 5.3)] : [],
      queryStart: 5,
      bias: waves(device, [2, 1, size.keys], 0.37),
      sinks: waves(device, [2], 0.71),
      softcap: 1.5,
      dropout: { rate: 0.2, key: [3, 4] },
    })
    expect(compare((device) => outputsAndGradients(device, size, options), 1e-5)).toBeNull()
  }
})

test('queries without any key give zeros', () => {
  const size: Sizes = { batch: 2, keyHeads: 1, group: 1, queries: 3, keys: 4, headSize: 2, valueSize: 2 }
  const options = (device: Device): AttentionOptions => ({
    mask: { kind: 'tensor', input: 0 },
    masks: [device.tensor(new Uint8Array([0, 0, 0, 0, 1, 0, 1, 1]), { shape: [2, 1, 1, 4], dtype: 'bool' })],
  })
  expect(compare((device) => outputsAndGradients(device, size, options), 1e-5)).toBeNull()
  expect(
    compare((device) => outputsAndGradients(device, { ...size, keys: 0 }, () => ({ mask: { kind: 'all' } }))),
  ).toBeNull()
})
