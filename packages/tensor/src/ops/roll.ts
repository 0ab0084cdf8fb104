import { ArgumentError } from '../errors/argument-error.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { concat } from './concat.ts'
import { split } from './split.ts'

/**
 * Moves elements along one axis or several; what leaves at one end comes in at the other. A shift is given for each axis,
 * positive towards the end.
 *
 * @example
 * const lagged = roll(series, { shift: 1, axis: 1 })
 */
export function roll(
  x: Tensor,
  options: { readonly shift: number | readonly number[]; readonly axis: number | readonly number[] },
): Tensor {
  const shifts = [options.shift].flat()
  const axes = [options.axis].flat()
  if (shifts.length !== axes.length || shifts.some((shift) => !Number.isInteger(shift))) {
    throw new ArgumentError({
      operation: 'roll',
      argument: 'shift',
      got: `is [${shifts.join(', ')}]`,
      expected: `one whole number for each axis of [${axes.join(', ')}]`,
      fix: 'Give as many shifts as axes.',
    })
  }
  return axes.reduce((rolled, axis, index) => rollAxis(rolled, shifts[index]!, axis), x)
}

function rollAxis(x: Tensor, shift: number, anyAxis: number): Tensor {
  const axis = normalizeAxis('roll', anyAxis, x.rank)
  const length = x.shape[axis]!
  if (length === 0) return x
  const leaving = ((shift % length) + length) % length
  if (leaving === 0) return x
  const [staying, moved] = split(x, { sizes: [length - leaving, leaving], axis })
  return concat([moved!, staying!], { axis })
}
