import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { formatShape, sizeOf } from '../shape.ts'

/** The largest whole number used: its negative is there too, so that no sign has more room than the other. */
const levels = 127

/** A matrix in 8 bits: the number in a row and block is `weight * scale`. */
export interface QuantizedRows {
  /** `[rows, inner]`, from -127 to 127. */
  readonly weight: Int8Array
  /** `[rows, blocks]`, positive. */
  readonly scale: Float32Array
  readonly blocks: number
}

/**
 * Rounds a matrix `[rows, inner]` to 8 bits, symmetrically: a block of `blockSize` columns of a row, or the whole row unless
 * said, gets the scale that maps its largest absolute value to 127. The error of an element is at most half a scale.
 *
 * Throws a `ShapeError` when the values do not fill the shape, an `ArgumentError` for values that are not finite, and for a
 * block size below `inner` that does not divide it.
 *
 * Source: Jacob et al. 2018, "Quantization and training of neural networks", section 2.1, with a zero point of 0.
 *
 * @example
 * const { weight, scale } = quantizeRows([0.5, -1.27, 0.01, 0], [2, 2]) // weight [50, -127, 127, 0], scale [0.01, 0.01 / 127]
 */
export function quantizeRows(
  values: ArrayLike<number>,
  shape: readonly number[],
  options: { readonly blockSize?: number | undefined } = {},
): QuantizedRows {
  checkMatrix(values, shape)
  const [rows, inner] = shape as readonly [number, number]
  const blocks = blocksOf(inner, options.blockSize)
  const blockSize = inner / blocks
  const weight = new Int8Array(rows * inner)
  const scale = new Float32Array(rows * blocks)
  for (let block = 0; block < scale.length; block++) {
    scale[block] = quantizeBlock(values, weight, block * blockSize, blockSize, inner)
  }
  return { weight, scale, blocks }
}

/** Rounds one block, and returns its scale. */
function quantizeBlock(
  values: ArrayLike<number>,
  weight: Int8Array,
  start: number,
  length: number,
  inner: number,
): number {
  let largest = 0
  for (let index = start; index < start + length; index++) {
    const value = values[index]!
    if (!Number.isFinite(value)) throw notFiniteError(value, Math.floor(index / inner), index % inner)
    largest = Math.max(largest, Math.abs(value))
  }
  const scale = Math.fround(largest / levels)
  // All zeros, or so small that float32 has no number for the scale: any scale stands for zeros.
  if (scale === 0) return 1
  for (let index = start; index < start + length; index++) {
    const level = roundHalfToEven(values[index]! / scale)
    // The scale is rounded: where float32 is coarse, near 1e-44, the largest value may lie above 127 scales.
    weight[index] = Math.min(Math.max(level, -levels), levels)
  }
  return scale
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

/** How many blocks a row has; 1 when the block covers it. */
function blocksOf(inner: number, blockSize: number | undefined): number {
  if (blockSize === undefined) return 1
  if (!Number.isInteger(blockSize) || blockSize < 1) {
    throw new ArgumentError({
      operation: 'quantizeRows',
      argument: 'blockSize',
      got: `is ${blockSize}`,
      expected: 'a positive whole number of columns',
      fix: 'Leave it out for one scale per row.',
    })
  }
  if (blockSize >= inner) return 1
  if (inner % blockSize === 0) return inner / blockSize
  throw new ArgumentError({
    operation: 'quantizeRows',
    argument: 'blockSize',
    got: `is ${blockSize}`,
    expected: `a divisor of the ${inner} columns`,
    fix: 'Choose another one, such as 32 or 64, or leave it out for one scale per row.',
  })
}

function checkMatrix(values: ArrayLike<number>, shape: readonly number[]): void {
  if (shape.length === 2 && sizeOf(shape) === values.length) return
  throw new ShapeError({
    operation: 'quantizeRows',
    argument: 'shape',
    got: `is ${formatShape(shape)}`,
    expected: `[rows, inner] of ${values.length} elements, as many as there are values`,
    fix: 'Give the shape of the matrix.',
  })
}

function notFiniteError(value: number, row: number, column: number): ArgumentError {
  return new ArgumentError({
    operation: 'quantizeRows',
    argument: 'values',
    got: `hold ${value} in row ${row}, column ${column}`,
    expected: 'finite numbers',
    fix: 'The training diverged or the file is damaged: quantise a sound model.',
  })
}
