import { ArgumentError } from './errors/argument-error.ts'
import { ShapeError } from './errors/shape-error.ts'

/** A shape as it is written in errors and docs: `[2, 3]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

/** How many elements a shape holds; 1 for the shape `[]` of a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (const length of shape) size *= length
  return size
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false
  return true
}

/** Whether `strides` walk `shape` in row-major order without gaps; axes of length 1 may have any stride. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis]!
    if (length === 0) return true
    if (length !== 1 && strides[axis] !== stride) return false
    stride *= length
  }
  return true
}

/** The index of an axis that may be counted from the end; throws an `ArgumentError` when it is out of range. */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(axis) || index < 0 || index >= rank) {
    throw new ArgumentError({
      operation,
      argument: 'axis',
      got: `is ${axis}`,
      expected:
        rank === 0 ? 'no axis, since the tensor is a scalar' : `an integer from ${-rank} to ${rank - 1}`,
      fix: 'Count axes from 0, or from the end with -1 for the last one.',
    })
  }
  return index
}

/** Sorted distinct axis indices; `undefined` means all axes. */
export function normalizeAxes(
  operation: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis)
  const list = typeof axes === 'number' ? [axes] : axes
  const normalized = list.map((axis) => normalizeAxis(operation, axis, rank)).toSorted((a, b) => a - b)
  if (new Set(normalized).size !== normalized.length) {
    throw new ArgumentError({
      operation,
      argument: 'axis',
      got: `is [${list.join(', ')}]`,
      expected: 'each axis once',
      fix: 'Remove the repeated axis.',
    })
  }
  return normalized
}

/** The shape that two shapes broadcast to, axes aligned at the end, as in NumPy; throws a `ShapeError`. */
export function broadcastShapes(
  operation: string,
  a: readonly number[],
  b: readonly number[],
): readonly number[] {
  if (sameShape(a, b)) return a
  const rank = Math.max(a.length, b.length)
  const shape = new Array<number>(rank)
  for (let axis = 0; axis < rank; axis++) {
    const lengthA = lengthFromEnd(a, rank - axis)
    const lengthB = lengthFromEnd(b, rank - axis)
    if (lengthA !== lengthB && lengthA !== 1 && lengthB !== 1) {
      throw new ShapeError({
        operation,
        argument: 'b',
        got: `has shape ${formatShape(b)}`,
        expected: `a shape that broadcasts with 'a' ${formatShape(a)}`,
        fix: `Counted from the end, axis ${axis - rank} is ${lengthA} in 'a' and ${lengthB} in 'b': make them equal, or one of them 1.`,
      })
    }
    shape[axis] = lengthA === 1 ? lengthB : lengthA
  }
  return shape
}

/** The length of an axis counted from the end, 1 for the last one; 1 where the shape has no such axis. */
function lengthFromEnd(shape: readonly number[], place: number): number {
  return place <= shape.length ? shape[shape.length - place]! : 1
}

/** Throws a `ShapeError` unless every length is a non-negative integer. */
export function checkShape(operation: string, shape: readonly number[]): void {
  for (const length of shape) {
    if (Number.isInteger(length) && length >= 0) continue
    throw new ShapeError({
      operation,
      argument: 'shape',
      got: `is ${formatShape(shape)}`,
      expected: 'non-negative integers',
      fix: 'Check how the shape was computed.',
    })
  }
}
