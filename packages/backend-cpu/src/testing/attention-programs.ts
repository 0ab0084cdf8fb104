import {
  attention,
  type AttentionMask,
  type AttentionOptions,
  type Device,
  mul,
  slice,
  sum,
  type Tensor,
  transpose,
  valueAndGrad,
} from '@qkv/tensor'
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

/** How `[batch, heads, position, size]` lies in memory. */
export type Layout = 'dense' | 'position before head' | 'size before position' | 'backwards'

export const layouts: fc.Arbitrary<Layout> = fc.constantFrom(
  'dense',
  'position before head',
  'size before position',
  'backwards',
)

const orders: Readonly<Record<Layout, readonly number[]>> = {
  dense: [0, 1, 2, 3],
  'position before head': [0, 2, 1, 3],
  'size before position': [0, 1, 3, 2],
  backwards: [0, 1, 2, 3],
}

export function waves(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return device.tensor(
    Float32Array.from({ length: size }, (_, index) => Math.sin((index + 1) * seed) * 1.5),
    { shape },
  )
}

export function bools(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Uint8Array.from({ length: size }, (_, index) => Number(Math.sin((index + 3) * seed) > -0.3))
  return device.tensor(data, { shape, dtype: 'bool' })
}

/** The tensor whose view in a layout has this shape, and that view. Orders of axes are their own inverses. */
function arranged(device: Device, shape: readonly number[], seed: number, layout: Layout): Tensor {
  const order = orders[layout]
  return view(
    waves(
      device,
      order.map((axis) => shape[axis]!),
      seed,
    ),
    layout,
  )
}

function view(x: Tensor, layout: Layout): Tensor {
  if (layout === 'backwards' && x.shape[2]! > 0)
    return slice(x, [{}, {}, { start: x.shape[2]! - 1, step: -1 }, {}])
  return transpose(x, { order: orders[layout] })
}

/**
 * The outputs of a call and the gradients of all of its float inputs, of a loss that reads the output as it lies in `layout`, as query,
 * key and value do.
 */
export function outputsAndGradients(
  device: Device,
  { batch, keyHeads, group, queries, keys, headSize, valueSize }: Sizes,
  options: (device: Device) => AttentionOptions,
  layout: Layout = 'dense',
): readonly Tensor[] {
  const heads = keyHeads * group
  const query = arranged(device, [batch, heads, queries, headSize], 1.7, layout)
  const key = arranged(device, [batch, keyHeads, keys, headSize], 2.3, layout)
  const value = arranged(device, [batch, keyHeads, keys, valueSize], 3.1, layout)
  const settings = options(device)
  const further = [settings.bias, settings.sinks].filter((tensor) => tensor !== undefined)
  const run = (): ReturnType<typeof attention> => attention(query, key, value, settings)
  const { output, logSumExp } = run()
  const weights = waves(device, view(output, layout).shape, 0.9)
  const loss = (): Tensor => sum(mul(view(run().output, layout), weights))
  const { gradients } = valueAndGrad(loss, [query, key, value, ...further])
  return [output, logSumExp, ...gradients]
}

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
      left: fc.nat({ max: 4 }),
      right: fc.nat({ max: 3 }),
      sinks: fc.nat({ max: 2 }),
    }),
    blockMasks(4, 6),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('mask'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).mask

function blockMasks(size: number, count: number): fc.Arbitrary<AttentionMask> {
  const table = Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (_, column) => [row % 2, 1, row % 3, 1][column % 4]!),
  )
  return fc.constant({ kind: 'blocks', size, table })
}

export function maskTensors(
  device: Device,
  { batch, keyHeads, group, queries, keys }: Sizes,
): readonly Tensor[] {
  return [bools(device, [batch, 1, 1, keys], 5.3), bools(device, [keyHeads * group, queries, 1], 1.1)]
}
