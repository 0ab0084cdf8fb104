/** A shape with as few axes as the strides of some operands allow, and those strides. */
export interface MergedAxes {
  readonly shape: readonly number[]
  readonly strides: readonly (readonly number[])[]
}

/**
 * Drops axes of length 1 and joins neighbours that every operand steps through evenly, so that few kernels serve all shapes.
 * There may be no axis left.
 */
export function mergeAxes(shape: readonly number[], strides: readonly (readonly number[])[]): MergedAxes {
  const merged: number[] = []
  const steps: number[][] = strides.map(() => [])
  for (const [axis, length] of shape.entries()) {
    if (length === 1) continue
    const last = merged.length - 1
    const joins = last >= 0 && strides.every((own, operand) => steps[operand]![last] === own[axis]! * length)
    if (joins) merged[last]! *= length
    else merged.push(length)
    for (const [operand, own] of strides.entries()) steps[operand]![merged.length - 1] = own[axis]!
  }
  return { shape: merged, strides: steps }
}
