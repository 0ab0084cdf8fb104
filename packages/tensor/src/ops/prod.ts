import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'
import { concat } from './concat.ts'
import { full } from './full.ts'
import { mul } from './mul.ts'
import {
  reducedShape,
  reducedSize,
  type ReductionAttrs,
  reductionAxes,
  type ReductionOptions,
  squeezedShape,
  dropAxes,
} from './reduction.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import { transpose } from './transpose.ts'

export const prodOp: CompositeOp<ReductionAttrs> = {
  name: 'qkv/prod',
  kind: 'composite',
  infer([x], { axes }) {
    checkDType('prod', 'x', x!, numericDTypes)
    return [{ shape: reducedShape(x!.shape, axes), dtype: x!.dtype }]
  },
  // Halves are multiplied until one element is left. Its gradient multiplies the others, so it is right beside zeros,
  // where dividing the product by the element is not.
  decompose([x], { axes }) {
    const shape = reducedShape(x!.shape, axes)
    const kept = x!.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]))
    const lead = squeezedShape(x!.shape, axes)
    const length = reducedSize(x!.shape, axes)
    if (length === 0) return [broadcastTo(full(x!.device, [], 1, { dtype: x!.dtype }), shape)]
    let rows = reshape(transpose(x!, { order: [...kept, ...axes] }), [...lead, length])
    while (rows.shape.at(-1)! > 1) {
      const half = Math.floor(rows.shape.at(-1)! / 2)
      const product = mul(part(rows, 0, half), part(rows, half, half))
      const rest = rows.shape.at(-1)! - 2 * half
      rows = rest === 0 ? product : concat([product, part(rows, 2 * half, rest)], { axis: -1 })
    }
    return [reshape(rows, shape)]
  },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [3, 3], values: [1, 2, 3, 0, 5, 6, 0, 0, 7] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [0, 3] }], attrs: { axes: [0] } },
    { inputs: [{ shape: [5], dtype: 'int32', range: [-5, 6] }], attrs: { axes: [0] } },
  ],
}

function part(rows: Tensor, start: number, size: number): Tensor {
  return slice(
    rows,
    rows.shape.map((_, axis) => (axis === rows.rank - 1 ? { start, size } : {})),
  )
}

/**
 * The product over some axes, or over all of them; 1 over nothing.
 *
 * @example
 * const joint = prod(probabilities, { axis: -1 })
 */
export function prod(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reductionAxes('prod', x.rank, options)
  if (axes.length === 0) return x
  const reduced = x.device.applySingle(prodOp, [x], { axes })
  return dropAxes(reduced, axes, options)
}
