import type { DType } from '../dtype.ts'
import type { Device } from '../device.ts'
import type { PrimitiveOp } from '../op.ts'
import { checkShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { disposeTemporary } from './dispose-temporary.ts'

/** The value is a scalar of the call, so that one kernel serves all values. */
export const fullOp: PrimitiveOp<{ readonly shape: readonly number[]; readonly dtype: DType }> = {
  name: 'qkv/full',
  kind: 'primitive',
  infer(_, { shape, dtype }) {
    checkShape('full', shape)
    return [{ shape, dtype }]
  },
  reference({ outputs: [out], scalars: [value] }) {
    out!.data.fill(value!)
  },
  samples: [
    { inputs: [], attrs: { shape: [2, 3], dtype: 'float32' }, scalars: [1.5] },
    { inputs: [], attrs: { shape: [], dtype: 'int32' }, scalars: [-7] },
    { inputs: [], attrs: { shape: [3], dtype: 'bool' }, scalars: [1] },
  ],
}

/**
 * A tensor with one value everywhere; it is stored once and broadcast.
 *
 * @example
 * const ones = full(device, [2, 3], 1)
 */
export function full(
  device: Device,
  shape: readonly number[],
  value: number | boolean,
  options: { readonly dtype?: DType } = {},
): Tensor {
  const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32')
  const scalar = device.applySingle(fullOp, [], { shape: [], dtype }, [Number(value)])
  return disposeTemporary(scalar, broadcastTo(scalar, shape))
}

/** All zeros. */
export function zeros(
  device: Device,
  shape: readonly number[],
  options: { readonly dtype?: DType } = {},
): Tensor {
  return full(device, shape, 0, { dtype: options.dtype ?? 'float32' })
}

/** All ones. */
export function ones(
  device: Device,
  shape: readonly number[],
  options: { readonly dtype?: DType } = {},
): Tensor {
  return full(device, shape, 1, { dtype: options.dtype ?? 'float32' })
}
