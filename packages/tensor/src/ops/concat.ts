import { ArgumentError } from '../errors/argument-error.ts'
import { DTypeError } from '../errors/dtype-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import type { PrimitiveOp } from '../op.ts'
import { formatShape, normalizeAxis, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { slice } from './slice.ts'

export const concatOp: PrimitiveOp<{ readonly axis: number }> = {
  name: 'qkv/concat',
  kind: 'primitive',
  infer(inputs, { axis }) {
    const first = inputs[0]!
    let total = 0
    inputs.forEach((input, position) => {
      const fits =
        input.shape.length === first.shape.length &&
        input.shape.every((length, index) => index === axis || length === first.shape[index])
      if (!fits) {
        throw new ShapeError({
          operation: 'concat',
          argument: `tensor ${position}`,
          got: `has shape ${formatShape(input.shape)}`,
          expected: `the shape of tensor 0 ${formatShape(first.shape)}, except along axis ${axis}`,
          fix: 'Reshape or slice it first.',
        })
      }
      if (input.dtype !== first.dtype) {
        throw new DTypeError({
          operation: 'concat',
          argument: `tensor ${position}`,
          got: `has dtype ${input.dtype}`,
          expected: `${first.dtype}, like tensor 0`,
          fix: `Convert it with \`cast(tensor, '${first.dtype}')\`.`,
        })
      }
      total += input.shape[axis]!
    })
    return [
      { shape: first.shape.map((length, index) => (index === axis ? total : length)), dtype: first.dtype },
    ]
  },
  reference({ inputs, outputs: [out], attrs: { axis } }) {
    const blocks = sizeOf(out!.shape.slice(0, axis))
    const blockSize = sizeOf(out!.shape.slice(axis))
    let start = 0
    for (const input of inputs) {
      const length = sizeOf(input.shape.slice(axis))
      for (let block = 0; block < blocks; block++) {
        const part = input.data.subarray(block * length, (block + 1) * length)
        out!.data.set(part, block * blockSize + start)
      }
      start += length
    }
  },
  vjp({ inputs, gradient, attrs: { axis } }) {
    let start = 0
    return inputs.map((input) => {
      const size = input.shape[axis]!
      const part = slice(gradient, rangeAlong(input.rank, axis, start, size))
      start += size
      return part
    })
  },
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [2, 4] }], attrs: { axis: 1 } },
    { inputs: [{ shape: [1, 3] }, { shape: [0, 3] }, { shape: [2, 3] }], attrs: { axis: 0 } },
    {
      inputs: [
        { shape: [2], dtype: 'int32', range: [-5, 6] },
        { shape: [1], dtype: 'int32', range: [-5, 6] },
      ],
      attrs: { axis: 0 },
    },
  ],
}

function rangeAlong(
  rank: number,
  axis: number,
  start: number,
  size: number,
): readonly { start?: number; size?: number }[] {
  return Array.from({ length: rank }, (_, index) => (index === axis ? { start, size } : {}))
}

/**
 * Joins tensors along an existing axis, the first one unless said; all other axes must agree.
 *
 * @example
 * const keys = concat([cachedKeys, newKeys], { axis: 2 }) // [batch, heads, key, headSize]
 */
export function concat(tensors: readonly Tensor[], options: { readonly axis?: number } = {}): Tensor {
  const first = tensors[0]
  if (!first) {
    throw new ArgumentError({
      operation: 'concat',
      argument: 'tensors',
      got: 'is empty',
      expected: 'at least one tensor',
      fix: 'Use `zeros` with a length of 0 for an empty result.',
    })
  }
  const axis = normalizeAxis('concat', options.axis ?? 0, first.rank)
  return tensors.length === 1 ? first : first.device.applySingle(concatOp, tensors, { axis })
}
