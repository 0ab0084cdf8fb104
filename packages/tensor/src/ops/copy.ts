import type { HostArray } from '../dtype.ts'
import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'

/** A dense copy of a tensor of any layout: the one op that every backend runs on strides. */
export const copyOp: PrimitiveOp<object> = {
  name: 'qkv/copy',
  kind: 'primitive',
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  reference({ inputs: [x], outputs: [out] }) {
    const { strides, offset } = x!.layout
    gatherStrided(x!.data, out!.data, x!.shape, strides, offset)
  },
  vjp: ({ gradient }) => [gradient],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: {} },
    { inputs: [{ shape: [] }], attrs: {} },
    { inputs: [{ shape: [0, 3] }], attrs: {} },
  ],
}

/** Reads `source` through strides and writes `target` densely. */
export function gatherStrided(
  source: HostArray,
  target: HostArray,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): void {
  const rank = shape.length
  const index = new Array<number>(rank).fill(0)
  let position = offset
  for (let flat = 0; flat < target.length; flat++) {
    target[flat] = source[position]!
    for (let axis = rank - 1; axis >= 0; axis--) {
      index[axis]! += 1
      position += strides[axis]!
      if (index[axis]! < shape[axis]!) break
      position -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
}

/**
 * A dense copy of `x`, with a buffer of its own.
 *
 * @example
 * const dense = copy(transpose(x))
 */
export function copy(x: Tensor): Tensor {
  return x.device.applySingle(copyOp, [x], {})
}
