import type { DType } from '../dtype.ts'
import { DTypeError } from '../errors/dtype-error.ts'
import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'

/** What `cast` converts to: numbers become `int8` with scales, by `quantizeRows`. */
export type CastDType = Exclude<DType, 'int8'>

export const castOp: PrimitiveOp<{ readonly dtype: CastDType }> = {
  name: 'qkv/cast',
  kind: 'primitive',
  infer([x], { dtype }) {
    checkTarget(dtype)
    return [{ shape: x!.shape, dtype }]
  },
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
    { inputs: [{ shape: [2, 3], dtype: 'int8', range: [-128, 128] }], attrs: { dtype: 'float32' } },
  ],
}

function checkTarget(dtype: DType): void {
  if (dtype !== 'int8') return
  throw new DTypeError({
    operation: 'cast',
    argument: 'dtype',
    got: 'is int8',
    expected: 'float32, int32 or bool',
    fix: 'Use `quantizeRows`, which gives 8-bit numbers with their scales.',
  })
}

/**
 * Converts the element type: floats are truncated to `int32`, everything but zero is true as `bool`.
 *
 * @example
 * const keep = cast(lessEqual(keyPositions, queryPositions), 'float32')
 */
export function cast(x: Tensor, dtype: CastDType): Tensor {
  return x.dtype === dtype ? x : x.device.applySingle(castOp, [x], { dtype })
}
