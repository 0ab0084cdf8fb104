import { add, matmul, mul, neg, reshape, sub, type Tensor, transpose } from '@qkv/tensor'
import { type Turns, turnsOf } from './turns.ts'

/** Complex numbers, in two tensors of one shape. */
export interface Spectrum {
  readonly real: Tensor
  readonly imaginary: Tensor
}

/** Lengths up to this one, and prime ones, are transformed by one product with a table of all angles. */
const longestTable = 64

/**
 * The discrete Fourier transform over the positions of `[batch, length, width]`, `Σ_t x_t exp(-2πi t f / length)` for each frequency `f`,
 * without a scale; what it is given is real where there is no imaginary part. A length that is a product is transformed in steps (Cooley
 * and Tukey 1965): time grows with the length times the sum of its factors, memory with the length and the square of the largest.
 */
export function fourier({
  real,
  imaginary,
}: {
  readonly real: Tensor
  readonly imaginary?: Tensor
}): Spectrum {
  const [batch, length, width] = real.shape as [number, number, number]
  const factor = factorOf(length)
  const rest = length === 0 ? 1 : length / factor
  const table = turnsOf(real.device, { rows: factor, columns: factor, period: factor })
  // Position `rest * row + column` becomes frequency `row + factor * column`: first along the rows.
  const rows = (x: Tensor): Tensor => reshape(x, [batch, factor, rest * width])
  const inRows = transformRows(table, rows(real), imaginary && rows(imaginary))
  const shaped = (shape: readonly number[], { real, imaginary }: Spectrum): Spectrum => ({
    real: reshape(real, shape),
    imaginary: reshape(imaginary, shape),
  })
  if (rest === 1) return shaped([batch, length, width], inRows)
  const between = turnsOf(real.device, { rows: factor, columns: rest, period: length })
  const turned = turnBack(shaped([batch, factor, rest, width], inRows), {
    cosines: reshape(between.cosines, [factor, rest, 1]),
    sines: reshape(between.sines, [factor, rest, 1]),
  })
  const inner = shaped([batch, factor, rest, width], fourier(shaped([batch * factor, rest, width], turned)))
  const ordered = (x: Tensor): Tensor => transpose(x, { order: [0, 2, 1, 3] })
  return shaped([batch, length, width], { real: ordered(inner.real), imaginary: ordered(inner.imaginary) })
}

/** The numbers `[batch, length, width]` whose transform has these for its values, of which only the real part is wanted. */
export function realOfInverse({ real, imaginary }: Spectrum): Tensor {
  return mul(fourier({ real, imaginary: neg(imaginary) }).real, 1 / real.shape[1]!)
}

/** The largest divisor up to `longestTable`, or the smallest where there is none so small. */
function factorOf(length: number): number {
  if (length <= longestTable) return length
  for (let factor = longestTable; factor > 1; factor--) if (length % factor === 0) return factor
  for (let factor = longestTable + 1; factor * factor <= length; factor++)
    if (length % factor === 0) return factor
  return length
}

function transformRows({ cosines, sines }: Turns, real: Tensor, imaginary: Tensor | undefined): Spectrum {
  const own = { real: matmul(cosines, real), imaginary: neg(matmul(sines, real)) }
  if (!imaginary) return own
  return {
    real: add(own.real, matmul(sines, imaginary)),
    imaginary: add(own.imaginary, matmul(cosines, imaginary)),
  }
}

/** Each number times `exp(-i angle)`. */
function turnBack({ real, imaginary }: Spectrum, { cosines, sines }: Turns): Spectrum {
  return {
    real: add(mul(real, cosines), mul(imaginary, sines)),
    imaginary: sub(mul(imaginary, cosines), mul(real, sines)),
  }
}
