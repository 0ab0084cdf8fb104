import { sizeOf } from '../shape.ts'

/** A tensor seen as `[outer, length, inner]` around one axis. */
export interface AxisWalk {
  readonly outer: number
  readonly length: number
  readonly inner: number
}

/** How the elements of a dense tensor lie around an axis: element `[o, i, k]` has index `(o * length + i) * inner + k`. */
export function walkAxis(shape: readonly number[], axis: number): AxisWalk {
  return {
    outer: sizeOf(shape.slice(0, axis)),
    length: shape[axis]!,
    inner: sizeOf(shape.slice(axis + 1)),
  }
}

/** Calls `visit` with the index of the first element of each line along the axis; the others follow in steps of `inner`. */
export function forEachLine({ outer, length, inner }: AxisWalk, visit: (first: number) => void): void {
  for (let block = 0; block < outer; block++) {
    for (let column = 0; column < inner; column++) visit(block * length * inner + column)
  }
}
