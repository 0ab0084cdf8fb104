import { ShapeError } from '../errors/shape-error.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { full } from './full.ts'
import { iota } from './iota.ts'
import { lessEqual } from './less-equal.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

/** Which diagonal bounds a triangle. */
export interface DiagonalOptions {
  /** 0, the main one, unless said; positive ones are above it. */
  readonly diagonal?: number
}

/**
 * The lower triangle of the matrices in the last two axes, with zeros above the diagonal.
 *
 * @example
 * const causal = tril(full(device, [length, length], true))
 */
export function tril(x: Tensor, options: DiagonalOptions = {}): Tensor {
  return where(lessEqual(diagonalNumbers('tril', x), options.diagonal ?? 0), x, zeroLike(x))
}

/**
 * The upper triangle of the matrices in the last two axes, with zeros below the diagonal.
 *
 * @example
 * const future = triu(full(device, [length, length], true), { diagonal: 1 })
 */
export function triu(x: Tensor, options: DiagonalOptions = {}): Tensor {
  return where(lessEqual(options.diagonal ?? 0, diagonalNumbers('triu', x)), x, zeroLike(x))
}

/** The diagonal that each element of the last two axes lies on: column minus row. */
function diagonalNumbers(operation: string, x: Tensor): Tensor {
  const [rows, columns] = x.shape.slice(-2)
  if (rows === undefined || columns === undefined) {
    throw new ShapeError({
      operation,
      argument: 'x',
      got: `has shape ${formatShape(x.shape)}`,
      expected: 'at least two axes',
      fix: 'Add an axis with `unsqueeze`.',
    })
  }
  return sub(iota(x.device, [1, columns]), iota(x.device, [rows, 1], { axis: 0 }))
}

function zeroLike(x: Tensor): Tensor {
  return full(x.device, [], 0, { dtype: x.dtype })
}
