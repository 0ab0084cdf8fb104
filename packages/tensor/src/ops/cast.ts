import type { DType } from '../dtype.ts'
import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'

export const castOp: PrimitiveOp<{ readonly dtype: DType }> = {
  name: 'qkv/cast',
  kind: 'primitive',
  infer: ([x], { dtype }) => [{ shape: x!.shape, dtype }],
  reference({ inputs: [x], outputs: [out], attrs: { dtype } }) {
    const source = x!.data
    const target = out!.data
    for (let index = 0; index < target.length; index++) {
      const value = source[index]!
      target[index] = dtype === 'bool' ? Number(value !== 0) : dtype === 'int32' ? Math.trunc(value) : value
    }
  },
  vjp: ({ inputs: [x], gradient }) => [x!.dtype === 'float32' ? gradient : undefined],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3], dtype: 'int32', range: [-5, 6] }], attrs: { dtype: 'float32' } },
    { inputs: [{ shape: [4], range: [-3, 3] }], attrs: { dtype: 'int32' } },
    { inputs: [{ shape: [4], dtype: 'bool', range: [0, 2] }], attrs: { dtype: 'float32' } },
    { inputs: [{ shape: [4], dtype: 'int32', range: [-1, 2] }], attrs: { dtype: 'bool' } },
  ],
}

/**
 * Converts the element type: floats are truncated to `int32`, everything but zero is true as `bool`.
 *
 * @example
 * const keep = cast(lessEqual(keyPositions, queryPositions), 'float32')
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : x.device.applySingle(castOp, [x], { dtype })
}
