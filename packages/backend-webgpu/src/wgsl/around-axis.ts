import { sizeOf } from '@qkv/tensor'

/** A dense tensor seen as `[outer, length, inner]` around one axis. */
export interface AroundAxis {
  readonly outer: number
  readonly length: number
  readonly inner: number
}

export function aroundAxis(shape: readonly number[], axis: number): AroundAxis {
  return {
    outer: sizeOf(shape.slice(0, axis)),
    length: shape[axis]!,
    inner: sizeOf(shape.slice(axis + 1)),
  }
}

/** Where the first element of a line along the axis lies; the others follow in steps of `parameters.inner`. */
export const lineStart =
  '(line / parameters.inner) * parameters.length * parameters.inner + line % parameters.inner'
