import { ShapeError } from '../errors/shape-error.ts'
import type { ViewOp } from '../op.ts'
import { checkShape, formatShape, isContiguous, sameShape, sizeOf, stridesOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

export const reshapeOp: ViewOp<{ readonly shape: readonly number[] }> = {
  name: 'qkv/reshape',
  kind: 'view',
  infer([x], { shape }) {
    checkShape('reshape', shape)
    if (sizeOf(shape) !== sizeOf(x!.shape)) {
      throw new ShapeError({
        operation: 'reshape',
        argument: 'shape',
        got: `is ${formatShape(shape)}, ${sizeOf(shape)} elements`,
        expected: `${sizeOf(x!.shape)} elements, as many as 'x' ${formatShape(x!.shape)} has`,
        fix: 'Give -1 for one axis to have its length worked out.',
      })
    }
    return [{ shape, dtype: x!.dtype }]
  },
  relayout(layout, spec, { shape }) {
    if (isContiguous(spec.shape, layout.strides)) return { strides: stridesOf(shape), offset: layout.offset }
    const strides = splitStrides(spec.shape, layout.strides, shape)
    return strides ? { strides, offset: layout.offset } : 'copy'
  },
  vjp: ({ inputs: [x], gradient }) => [reshape(gradient, x!.shape)],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 6] }], attrs: { shape: [3, 4] } },
    { inputs: [{ shape: [4] }], attrs: { shape: [2, 1, 2] } },
    { inputs: [{ shape: [1] }], attrs: { shape: [] } },
    { inputs: [{ shape: [0, 3] }], attrs: { shape: [3, 0] } },
  ],
}

/**
 * Strides that show a strided tensor under another shape, or `undefined` when none do: groups of old axes that
 * step through memory evenly are cut anew, as PyTorch's `view` does.
 */
function splitStrides(
  oldShape: readonly number[],
  oldStrides: readonly number[],
  shape: readonly number[],
): readonly number[] | undefined {
  const strides = new Array<number>(shape.length)
  let axis = shape.length - 1
  let end = oldShape.length - 1
  while (end >= 0) {
    let start = end
    let size = oldShape[end]!
    while (start > 0 && (oldShape[start - 1] === 1 || joins(oldShape, oldStrides, start, end))) {
      start -= 1
      size *= oldShape[start]!
    }
    let stride = innermostStride(oldShape, oldStrides, start, end)
    let covered = 1
    while (axis >= 0 && (covered < size || shape[axis] === 1)) {
      strides[axis] = stride
      stride *= shape[axis]!
      covered *= shape[axis]!
      axis -= 1
    }
    if (covered !== size) return undefined
    end = start - 1
  }
  for (; axis >= 0; axis--) strides[axis] = 1
  return strides
}

/** Whether axis `start - 1` continues evenly over the axes from `start` to `end`. */
function joins(shape: readonly number[], strides: readonly number[], start: number, end: number): boolean {
  for (let axis = start; axis <= end; axis++) {
    if (shape[axis] === 1) continue
    return strides[start - 1] === shape[axis]! * strides[axis]!
  }
  return true
}

function innermostStride(
  shape: readonly number[],
  strides: readonly number[],
  start: number,
  end: number,
): number {
  for (let axis = end; axis >= start; axis--) if (shape[axis] !== 1) return strides[axis]!
  return 1
}

/**
 * The same elements in row-major order under another shape; moves no data where strides can express it.
 * One length may be -1 and is worked out. Throws a `ShapeError` when the sizes differ.
 *
 * @example
 * const heads = reshape(x, [batch, length, 8, 64]) // from [batch, length, 512]
 */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const resolved = shape.includes(-1) ? resolveShape(x, shape) : shape
  if (sameShape(x.shape, resolved)) return x
  return x.device.applySingle(reshapeOp, [x], { shape: resolved })
}

function resolveShape(x: Tensor, shape: readonly number[]): readonly number[] {
  const known = sizeOf(shape.filter((length) => length !== -1))
  const missing = x.size / known
  if (shape.indexOf(-1) !== shape.lastIndexOf(-1) || !Number.isInteger(missing)) {
    throw new ShapeError({
      operation: 'reshape',
      argument: 'shape',
      got: `is ${formatShape(shape)}`,
      expected: `one -1 at most, and lengths that divide the ${x.size} elements of 'x' ${formatShape(x.shape)}`,
      fix: 'Write out all lengths to see which one is off.',
    })
  }
  return shape.map((length) => (length === -1 ? missing : length))
}
