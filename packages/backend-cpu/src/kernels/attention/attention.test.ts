import {
  attention,
  type AttentionMask,
  type AttentionOptions,
  type Device,
  mul,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare } from '../../testing/compare.ts'

interface Sizes {
  readonly batch: number
  readonly keyHeads: number
  readonly group: number
  readonly queries: number
  readonly keys: number
  readonly headSize: number
  readonly valueSize: number
}

function waves(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return device.tensor(
    Float32Array.from({ length: size }, (_, index) => Math.sin((index + 1) * seed) * 1.5),
    { shape },
  )
}

function bools(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Uint8Array.from({ length: size }, (_, index) => Number(Math.sin((index + 3) * seed) > -0.3))
  return device.tensor(data, { shape, dtype: 'bool' })
}

/** The outputs of a call and the gradients of all of its float inputs, of a loss that reads both outputs. */
function outputsAndGradients(
  device: Device,
  { batch, keyHeads, group, queries, keys, headSize, valueSize }: Sizes,
  options: (device: Device) => AttentionOptions,
): readonly Tensor[] {
  const heads = keyHeads * group
  const query = waves(device, [batch, heads, queries, headSize], 1.7)
  const key = waves(device, [batch, keyHeads, keys, headSize], 2.3)
  const value = waves(device, [batch, keyHeads, keys, valueSize], 3.1)
  const settings = options(device)
  const further = [settings.bias, settings.sinks].filter((tensor) => tensor !== undefined)
  const weights = waves(device, [batch, heads, queries, valueSize], 0.9)
  const run = (): ReturnType<typeof attention> => attention(query, key, value, settings)
  const { gradients } = valueAndGrad(() => sum(mul(run().output, weights)), [query, key, value, ...further])
  const { output, logSumExp } = run()
  return [output, logSumExp, ...gradients]
}

const sizes: fc.Arbitrary<Sizes> = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  keyHeads: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 3 }),
  queries: fc.integer({ min: 1, max: 9 }),
  keys: fc.integer({ min: 1, max: 9 }),
  headSize: fc.integer({ min: 1, max: 6 }),
  valueSize: fc.integer({ min: 1, max: 6 }),
})

const { mask: masks } = fc.letrec<{ mask: AttentionMask }>((tie) => ({
  mask: fc.oneof(
    { depthSize: 'small' },
    fc.constant<AttentionMask>({ kind: 'all' }),
    fc.constant<AttentionMask>({ kind: 'causal' }),
    fc.constant<AttentionMask>({ kind: 'tensor', input: 0 }),
    fc.constant<AttentionMask>({ kind: 'tensor', input: 1 }),
    fc.record({
      kind: fc.constant('window' as const),
      left: fc.nat({ max: 4 }),
      right: fc.nat({ max: 3 }),
      sinks: fc.nat({ max: 2 }),
    }),
    fc.constant<AttentionMask>({
      kind: 'blocks',
      size: 4,
      table: Array.from({ length: 6 }, (_, row) => [row % 2, 1, row % 3, 1]),
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('mask'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))

describe('outputs and gradients agree with the definition', () => {
  test('under any mask', () => {
    fc.assert(
      fc.property(sizes, masks, fc.nat({ max: 8 }), fc.boolean(), (size, mask, queryStart, shortened) => {
        const options = (device: Device): AttentionOptions => ({
          mask,
          masks: [
            bools(device, [size.batch, 1, 1, size.keys], 5.3),
            bools(device, [size.keyHeads * size.group, size.queries, 1], 1.1),
          ],
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
      mask: fc.constantFrom<AttentionMask>({ kind: 'all' }, { kind: 'causal' }),
    })
    fc.assert(
      fc.property(sizes, settings, (size, { biasShape, sinks, softcap, dropped, mask }) => {
        const heads = size.keyHeads * size.group
        const biasShapes: Readonly<Record<string, readonly number[]>> = {
          full: [size.batch, heads, size.queries, size.keys],
          heads: [heads, 1, size.keys],
          keys: [size.keys],
        }
        const options = (device: Device): AttentionOptions => ({
          mask,
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

test('many blocks of queries', () => {
  const size: Sizes = { batch: 1, keyHeads: 1, group: 2, queries: 75, keys: 80, headSize: 5, valueSize: 3 }
  for (const mask of [
    { kind: 'causal' },
    { kind: 'window', left: 6, right: 0 },
    { kind: 'and', of: [{ kind: 'causal' }, { kind: 'tensor', input: 0 }] },
  ] as const satisfies readonly AttentionMask[]) {
    const options = (device: Device): AttentionOptions => ({
      mask,
      masks: mask.kind === 'and' ? [bools(device, [1, 1, 1, 80], 5.3)] : [],
      queryStart: 5,
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
