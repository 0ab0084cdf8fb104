import { ArgumentError, formatShape, type OpInput, sizeOf, stridesOf } from '@qkv/tensor'
import { isDense } from '../kernel.ts'
import type { GpuHandle } from '../memory/arena.ts'
import { valueOutside } from '../memory/integer-range.ts'

/**
 * Throws an `ArgumentError` for an index outside of 0 to `length - 1`, where the indices are as they were uploaded. A GPU cannot
 * throw: kernels move other indices to the nearest place inside, so that nothing outside of a buffer is touched, and gradients
 * go where values came from. Returns whether all are known to be inside, or ignored.
 */
export function checkIndices(
  operation: string,
  argument: string,
  input: OpInput,
  length: number,
  ignored?: number,
): boolean {
  const { shape } = input.spec
  const { range } = input.handle as GpuHandle
  if (sizeOf(shape) === 0) return true
  if (length > 0 && (!range || range.count !== sizeOf(shape) || !isDense(input))) return false
  const outside = range ? valueOutside(range, length, ignored) : 0
  if (outside === undefined) return true
  const position =
    range?.low[0] === outside ? range.lowAt : range?.high[0] === outside ? range.highAt : undefined
  const place =
    position === undefined
      ? ''
      : ` at ${formatShape(stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]!))}`
  throw new ArgumentError({
    operation,
    argument,
    got: `holds ${outside}${place}`,
    expected:
      length === 0
        ? 'no index, since the axis is empty'
        : `indices from 0 to ${length - 1}${ignored === undefined ? '' : `, or ${ignored} to ignore a row`}`,
    fix: 'Check which table the ids were made for.',
  })
}
