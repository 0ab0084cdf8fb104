import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import type { PrimitiveOp } from '../op.ts'
import type { DType } from '../dtype.ts'
import { formatShape, stridesOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { zeros } from './full.ts'
import { slice } from './slice.ts'

/** The scalars are the start, one index per axis: it changes from step to step. */
export const updateSliceOp: PrimitiveOp<object> = {
  name: 'qkv/updateSlice',
  kind: 'primitive',
  infer([x, value]) {
    checkDType('updateSlice', 'value', value!, [x!.dtype as DType])
    const fits =
      value!.shape.length === x!.shape.length &&
      value!.shape.every((length, axis) => length <= x!.shape[axis]!)
    if (!fits) {
      throw new ShapeError({
        operation: 'updateSlice',
        argument: 'value',
        got: `has shape ${formatShape(value!.shape)}`,
        expected: `as many axes as 'x' ${formatShape(x!.shape)}, none of them longer`,
        fix: 'Reshape or slice the value first.',
      })
    }
    return [x!]
  },
  reference({ inputs: [x, value], outputs: [out], scalars: start }) {
    out!.data.set(x!.data)
    const strides = stridesOf(out!.shape)
    const index = new Array<number>(start.length).fill(0)
    let position = strides.reduce((sum, stride, axis) => sum + stride * start[axis]!, 0)
    for (let flat = 0; flat < value!.data.length; flat++) {
      out!.data[position] = value!.data[flat]!
      for (let axis = start.length - 1; axis >= 0; axis--) {
        index[axis]! += 1
        position += strides[axis]!
        if (index[axis]! < value!.shape[axis]!) break
        position -= strides[axis]! * value!.shape[axis]!
        index[axis] = 0
      }
    }
  },
  vjp({ inputs: [, value], gradient, scalars: start, needs }) {
    const { shape, device } = value!
    return [
      needs[0] ? updateSlice(gradient, zeros(device, shape), { start }) : undefined,
      needs[1]
        ? slice(
            gradient,
            start.map((first, axis) => ({ start: first, size: shape[axis]! })),
          )
        : undefined,
    ]
  },
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [4, 5] }, { shape: [2, 3] }], attrs: {}, scalars: [1, 2] },
    { inputs: [{ shape: [2, 3, 2] }, { shape: [2, 1, 2] }], attrs: {}, scalars: [0, 2, 0] },
    { inputs: [{ shape: [3] }, { shape: [0] }], attrs: {}, scalars: [3] },
    {
      inputs: [
        { shape: [4], dtype: 'int32', range: [-5, 6] },
        { shape: [2], dtype: 'int32', range: [-5, 6] },
      ],
      attrs: {},
      scalars: [1],
    },
  ],
}

/**
 * `x` with `value` written over the part that begins at `start`, one index per axis. Donate `x` to write in place.
 * Throws a `ShapeError` or an `ArgumentError` when the value does not fit there.
 *
 * @example
 * cache = updateSlice(donate(cache), keys, { start: [0, 0, position, 0] }) // [batch, heads, capacity, headSize]
 */
export function updateSlice(
  x: Tensor,
  value: Tensor,
  options: { readonly start: readonly number[] },
): Tensor {
  const { start } = options
  const fits =
    start.length === x.rank &&
    start.every(
      (first, axis) =>
        Number.isInteger(first) && first >= 0 && first + (value.shape[axis] ?? 0) <= x.shape[axis]!,
    )
  if (!fits) {
    throw new ArgumentError({
      operation: 'updateSlice',
      argument: 'start',
      got: `is [${start.join(', ')}]`,
      expected: `one index per axis, such that 'value' ${formatShape(value.shape)} lies within 'x' ${formatShape(x.shape)}`,
      fix: 'Move the start, or make `x` longer.',
    })
  }
  return x.device.applySingle(updateSliceOp, [x, value], {}, start)
}
