import { ArgumentError } from '../errors/argument-error.ts'
import type { PrimitiveOp } from '../op.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { forEachLine, walkAxis } from './axis-walk.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'
import { scatterAddAlongAxisOp } from './scatter-add-along-axis.ts'

interface TopKAttrs {
  readonly axis: number
  readonly k: number
}

export const topKOp: PrimitiveOp<TopKAttrs> = {
  name: 'qkv/topK',
  kind: 'primitive',
  infer([x], { axis, k }) {
    checkDType('topK', 'x', x!, numericDTypes)
    if (!Number.isInteger(k) || k < 0 || k > x!.shape[axis]!) {
      throw new ArgumentError({
        operation: 'topK',
        argument: 'k',
        got: `is ${k}`,
        expected: `a whole number from 0 to ${x!.shape[axis]}, the length of axis ${axis} of 'x' ${formatShape(x!.shape)}`,
        fix: 'Take at most as many as there are.',
      })
    }
    const shape = x!.shape.map((length, index) => (index === axis ? k : length))
    return [
      { shape, dtype: x!.dtype },
      { shape, dtype: 'int32' },
    ]
  },
  reference({ inputs: [x], outputs: [values, indices], attrs: { axis, k } }) {
    const source = walkAxis(x!.shape, axis)
    const starts: number[] = []
    forEachLine(walkAxis(values!.shape, axis), (first) => starts.push(first))
    let line = 0
    forEachLine(source, (first) => {
      const at = (index: number): number => x!.data[first + index * source.inner]!
      const order = Array.from({ length: source.length }, (_, index) => index).toSorted(
        (a, b) => descending(at(a), at(b)) || a - b,
      )
      for (let rank = 0; rank < k; rank++) {
        const target = starts[line]! + rank * source.inner
        values!.data[target] = at(order[rank]!)
        indices!.data[target] = order[rank]!
      }
      line += 1
    })
  },
  vjp: ({ inputs: [x], outputs: [, indices], gradient, attrs: { axis } }) => [
    gradient.device.applySingle(scatterAddAlongAxisOp, [gradient, indices!], { axis, shape: x!.shape }),
  ],
  saves: { inputs: [], outputs: [1] },
  samples: [
    { inputs: [{ shape: [3, 8] }], attrs: { axis: 1, k: 3 } },
    { inputs: [{ shape: [4, 2, 3] }], attrs: { axis: 0, k: 4 } },
    { inputs: [{ shape: [2, 3] }], attrs: { axis: 1, k: 0 } },
    { inputs: [{ shape: [6], dtype: 'int32', values: [1, 7, 7, -2, 7, 1] }], attrs: { axis: 0, k: 5 } },
  ],
}

/** Larger numbers first, NaN before all of them, as in PyTorch. */
function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a))
  return a > b ? -1 : Number(a < b)
}

/** Elements of a tensor, and where along the axis they were. */
export interface ValuesAndIndices {
  readonly values: Tensor
  /** `int32` */
  readonly indices: Tensor
}

/**
 * The `k` largest elements along an axis, the last one unless said, largest first; among equals the first comes first,
 * NaN counts as largest. Throws an `ArgumentError` when there are fewer than `k`.
 *
 * @example
 * const { values, indices } = topK(logits, { k: 50 })
 */
export function topK(x: Tensor, options: { readonly k: number; readonly axis?: number }): ValuesAndIndices {
  const axis = normalizeAxis('topK', options.axis ?? -1, x.rank)
  const [values, indices] = x.device.apply(topKOp, [x], { axis, k: options.k })
  return { values: values!, indices: indices! }
}
