/** A shape with as few axes as the strides of some operands allow, and those strides. */
export interface MergedAxes {
  readonly shape: readonly number[]
  readonly strides: readonly (readonly number[])[]
}

/**
 * Drops axes of length 1 and joins neighbours that every operand steps through evenly. The result has at least two
 * axes, rows and columns, so that kernels need only two nested loops.
 */
export function mergeAxes(shape: readonly number[], strides: readonly (readonly number[])[]): MergedAxes {
  const merged: number[] = []
  const steps: number[][] = []
  for (let operand = 0; operand < strides.length; operand++) steps.push([])
  for (let axis = 0; axis < shape.length; axis++) {
    const length = shape[axis]!
    if (length === 1) continue
    const last = merged.length - 1
    const joins = last >= 0 && continueEvenly(strides, steps, axis, length, last)
    if (joins) merged[last]! *= length
    else merged.push(length)
    const place = merged.length - 1
    for (let operand = 0; operand < steps.length; operand++) steps[operand]![place] = strides[operand]![axis]!
  }
  while (merged.length < 2) {
    merged.unshift(1)
    for (const own of steps) own.unshift(0)
  }
  return { shape: merged, strides: steps }
}

/** Whether a step along the merged axis `last` is, for every operand, as long as the axis that follows it. */
function continueEvenly(
  strides: readonly (readonly number[])[],
  steps: readonly (readonly number[])[],
  axis: number,
  length: number,
  last: number,
): boolean {
  for (let operand = 0; operand < steps.length; operand++) {
    if (steps[operand]![last] !== strides[operand]![axis]! * length) return false
  }
  return true
}

/** How many matrices of the last two axes there are. */
export function outerCount(shape: readonly number[]): number {
  let count = 1
  for (let axis = shape.length - 3; axis >= 0; axis--) count *= shape[axis]!
  return count
}

/** Where the matrix number `index` of the last two axes starts, in elements. */
export function outerOffset(shape: readonly number[], strides: readonly number[], index: number): number {
  let offset = 0
  for (let axis = shape.length - 3; axis >= 0; axis--) {
    const length = shape[axis]!
    offset += (index % length) * strides[axis]!
    index = Math.floor(index / length)
  }
  return offset
}
