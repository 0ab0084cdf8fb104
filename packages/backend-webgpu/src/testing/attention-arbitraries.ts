import type { AttentionMask, Device, Tensor } from '@qkv/tensor'
import fc from 'fast-check'

/** The lengths of an attention. */
export interface Sizes {
  readonly batch: number
  readonly keyHeads: number
  /** Query heads per key head. */
  readonly group: number
  readonly queries: number
  readonly keys: number
  readonly headSize: number
  readonly valueSize: number
}

export const sizes: fc.Arbitrary<Sizes> = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  keyHeads: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 3 }),
  queries: fc.integer({ min: 1, max: 9 }),
  keys: fc.integer({ min: 1, max: 9 }),
  headSize: fc.integer({ min: 1, max: 6 }),
  valueSize: fc.integer({ min: 1, max: 6 }),
})

/** Any mask; tensors are those of `maskTensors`, and the table has room for 24 positions. */
export const masks: fc.Arbitrary<AttentionMask> = fc.letrec<{ mask: AttentionMask }>((tie) => ({
  mask: fc.oneof(
    { depthSize: 'small' },
    fc.constant<AttentionMask>({ kind: 'all' }),
    fc.constant<AttentionMask>({ kind: 'causal' }),
    fc.constant<AttentionMask>({ kind: 'tensor', input: 0 }),
    fc.constant<AttentionMask>({ kind: 'tensor', input: 1 }),
    fc.record({
      kind: fc.constant('window' as const),
      left: fc.constantFrom(0, 1, 3, 100),
      right: fc.nat({ max: 3 }),
      sinks: fc.nat({ max: 2 }),
    }),
    fc.constant<AttentionMask>({ kind: 'blocks', size: 4, table: checkered(6) }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('mask'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).mask

function checkered(count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (_, column) => Number((row + column) % 3 !== 0)),
  )
}

/** One mask by key, and one by head and query. */
export function maskTensors(
  device: Device,
  { batch, keyHeads, group, queries, keys }: Sizes,
): readonly Tensor[] {
  return [pattern(device, [batch, 1, 1, keys], 5.3), pattern(device, [keyHeads * group, queries, 1], 1.1)]
}

function pattern(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Uint8Array.from({ length: size }, (_, index) => Number(Math.sin((index + 3) * seed) > -0.3))
  return device.tensor(data, { shape, dtype: 'bool' })
}
