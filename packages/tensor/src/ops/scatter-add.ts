import { ShapeError } from '../errors/shape-error.ts'
import type { PrimitiveOp } from '../op.ts'
import { checkShape, formatShape, normalizeAxis, sameShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'
import { checkIndices } from './check-indices.ts'
import { gather } from './gather.ts'

interface ScatterAddAttrs {
  readonly axis: number
  readonly length: number
}

/** The transpose of `gather`. */
export const scatterAddOp: PrimitiveOp<ScatterAddAttrs> = {
  name: 'qkv/scatterAdd',
  kind: 'primitive',
  infer([updates, indices], { axis, length }) {
    checkDType('scatterAdd', 'updates', updates!, numericDTypes)
    checkDType('scatterAdd', 'indices', indices!, ['int32'])
    const end = axis + indices!.shape.length
    if (!sameShape(updates!.shape.slice(axis, end), indices!.shape)) {
      throw new ShapeError({
        operation: 'scatterAdd',
        argument: 'updates',
        got: `has shape ${formatShape(updates!.shape)}`,
        expected: `the axes of 'indices' ${formatShape(indices!.shape)} from axis ${axis} on`,
        fix: 'Give one update for each index.',
      })
    }
    const shape = [...updates!.shape.slice(0, axis), length, ...updates!.shape.slice(end)]
    checkShape('scatterAdd', shape)
    return [{ shape, dtype: updates!.dtype }]
  },
  reference({ inputs: [updates, indices], outputs: [out], attrs: { axis, length } }) {
    checkIndices('scatterAdd', indices!, length)
    const outer = sizeOf(updates!.shape.slice(0, axis))
    const inner = sizeOf(updates!.shape.slice(axis + indices!.shape.length))
    const totals = new Float64Array(out!.data.length)
    let source = 0
    for (let block = 0; block < outer; block++) {
      for (let index = 0; index < indices!.data.length; index++) {
        const target = (block * length + indices!.data[index]!) * inner
        for (let column = 0; column < inner; column++) totals[target + column]! += updates!.data[source++]!
      }
    }
    out!.data.set(totals)
  },
  vjp: ({ inputs: [, indices], gradient, attrs: { axis } }) => [gather(gradient, indices!, { axis })],
  saves: { inputs: [1], outputs: [] },
  samples: [
    {
      inputs: [{ shape: [2, 2, 3] }, { shape: [2, 2], dtype: 'int32', values: [4, 0, 4, 2] }],
      attrs: { axis: 0, length: 5 },
    },
    {
      inputs: [{ shape: [2, 3, 2] }, { shape: [3], dtype: 'int32', values: [3, 1, 3] }],
      attrs: { axis: 1, length: 4 },
    },
    { inputs: [{ shape: [2] }, { shape: [], dtype: 'int32', values: [1] }], attrs: { axis: 0, length: 3 } },
    { inputs: [{ shape: [0, 2] }, { shape: [0], dtype: 'int32' }], attrs: { axis: 0, length: 2 } },
    {
      inputs: [
        { shape: [3], dtype: 'int32', range: [-5, 6] },
        { shape: [3], dtype: 'int32', values: [1, 1, 0] },
      ],
      attrs: { axis: 0, length: 2 },
    },
  ],
}

/**
 * Adds each update to the slice that its index names, in a tensor of zeros whose `axis`, the first one unless said, has
 * the given length. Updates of one slice add up, in the same order on every run. Throws an `ArgumentError` for an index
 * outside the axis.
 *
 * @example
 * const counts = scatterAdd(ones(device, tokens.shape), tokens, { length: vocabularySize })
 */
export function scatterAdd(
  updates: Tensor,
  indices: Tensor,
  options: { readonly axis?: number; readonly length: number },
): Tensor {
  const axis = normalizeAxis('scatterAdd', options.axis ?? 0, updates.rank - indices.rank + 1)
  return updates.device.applySingle(scatterAddOp, [updates, indices], { axis, length: options.length })
}
