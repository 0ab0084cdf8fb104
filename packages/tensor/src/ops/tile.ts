import { ArgumentError } from '../errors/argument-error.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { reshape } from './reshape.ts'

/**
 * Repeats the whole tensor along each axis; more numbers than axes repeat along new leading ones.
 *
 * @example
 * const grid = tile(row, [height, 1]) // [height, width] from [1, width]
 */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  if (repeats.length < x.rank || repeats.some((count) => !Number.isInteger(count) || count < 0)) {
    throw new ArgumentError({
      operation: 'tile',
      argument: 'repeats',
      got: `is [${repeats.join(', ')}]`,
      expected: `at least ${x.rank} non-negative whole numbers, one per axis of 'x' ${formatShape(x.shape)}`,
      fix: 'Give 1 for axes that are not repeated.',
    })
  }
  const lengths = [...new Array<number>(repeats.length - x.rank).fill(1), ...x.shape]
  const interleaved = broadcastTo(
    reshape(
      x,
      lengths.flatMap((length) => [1, length]),
    ),
    lengths.flatMap((length, axis) => [repeats[axis]!, length]),
  )
  return reshape(
    interleaved,
    lengths.map((length, axis) => length * repeats[axis]!),
  )
}
