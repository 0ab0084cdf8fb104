import { ShapeError } from '../errors/shape-error.ts'
import type { PrimitiveOp } from '../op.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { forEachLine, walkAxis } from './axis-walk.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'
import { reducedShape, dropAxes } from './reduction.ts'
import { reshape } from './reshape.ts'

export const argmaxOp: PrimitiveOp<{ readonly axis: number }> = {
  name: 'qkv/argmax',
  kind: 'primitive',
  infer([x], { axis }) {
    checkDType('argmax', 'x', x!, numericDTypes)
    if (x!.shape[axis] === 0) {
      throw new ShapeError({
        operation: 'argmax',
        argument: 'x',
        got: `has shape ${formatShape(x!.shape)}, empty along axis ${axis}`,
        expected: 'at least one element to choose from',
        fix: 'Leave empty tensors out.',
      })
    }
    return [{ shape: reducedShape(x!.shape, [axis]), dtype: 'int32' }]
  },
  reference({ inputs: [x], outputs: [out], attrs: { axis } }) {
    const walk = walkAxis(x!.shape, axis)
    let line = 0
    forEachLine(walk, (first) => {
      let best = 0
      let peak = x!.data[first]!
      for (let index = 1; index < walk.length && !Number.isNaN(peak); index++) {
        const value = x!.data[first + index * walk.inner]!
        // The negated comparison lets the first NaN win.
        if (value <= peak) continue
        best = index
        peak = value
      }
      out!.data[line++] = best
    })
  },
  samples: [
    { inputs: [{ shape: [3, 5] }], attrs: { axis: 1 } },
    { inputs: [{ shape: [3, 2, 4] }], attrs: { axis: 0 } },
    { inputs: [{ shape: [2, 3], values: [1, 4, 4, 7, 7, 7] }], attrs: { axis: 1 } },
    { inputs: [{ shape: [6], dtype: 'int32', range: [-3, 4] }], attrs: { axis: 0 } },
  ],
}

/** What `argmax` and `argmin` take. */
export interface ArgmaxOptions {
  /** The axis to search; the whole tensor, flattened, unless said. */
  readonly axis?: number
  /** Keeps the searched axis with length 1; it is removed unless said. */
  readonly keepAxes?: boolean
}

/**
 * The index of the largest element along an axis, as `int32`; the first one among equals, NaN counts as largest.
 * Throws a `ShapeError` when there is nothing to choose from.
 *
 * @example
 * const nextToken = argmax(logits, { axis: -1 }) // [batch] from [batch, vocabulary]
 */
export function argmax(x: Tensor, options: ArgmaxOptions = {}): Tensor {
  if (options.axis === undefined) {
    const index = x.device.applySingle(argmaxOp, [reshape(x, [x.size])], { axis: 0 })
    return reshape(index, options.keepAxes ? x.shape.map(() => 1) : [])
  }
  const axis = normalizeAxis('argmax', options.axis, x.rank)
  const indices = x.device.applySingle(argmaxOp, [x], { axis })
  return dropAxes(indices, [axis], options)
}
