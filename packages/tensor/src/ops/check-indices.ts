import { ArgumentError } from '../errors/argument-error.ts'
import type { HostTensor } from '../op.ts'
import { formatShape, stridesOf } from '../shape.ts'

/** Throws an `ArgumentError` that names the first index that is not from 0 to `length - 1`. */
export function checkIndices(operation: string, indices: HostTensor, length: number): void {
  const { data, shape } = indices
  for (let position = 0; position < data.length; position++) {
    const value = data[position]!
    if (value >= 0 && value < length) continue
    const place = stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]!)
    throw new ArgumentError({
      operation,
      argument: 'indices',
      got: `holds ${value} at ${formatShape(place)}`,
      expected: length === 0 ? 'no index, since the axis is empty' : `indices from 0 to ${length - 1}`,
      fix: 'Check which table the ids were made for.',
    })
  }
}
