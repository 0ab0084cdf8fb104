/**
 * How the frequencies `10000^(-2i / width)` are computed. The three formulas are the same in exact arithmetic:
 * `exponential` is `exp(2i * -ln(10000) / width)`, `power` divides by `10000^(2i / width)` one by one, and
 * `vectorized` raises a vector of exponents to the power at once.
 */
export type DivisorFormula = 'exponential' | 'power' | 'vectorized'

const base = 10000

/** The frequency of each sine and cosine pair, `[ceil(width / 2)]`, in radians per position. */
export function sinusoidalFrequencies(width: number, formula: DivisorFormula): Float64Array {
  const pairs = Math.ceil(width / 2)
  switch (formula) {
    case 'exponential':
      return Float64Array.from({ length: pairs }, (_, pair) => Math.exp(2 * pair * (-Math.log(base) / width)))
    case 'power': {
      const frequencies = new Float64Array(pairs)
      for (let pair = 0; pair < pairs; pair++) frequencies[pair] = 1 / base ** ((2 * pair) / width)
      return frequencies
    }
    case 'vectorized': {
      const exponents = Float64Array.from({ length: pairs }, (_, pair) => (-2 * pair) / width)
      return exponents.map((exponent) => Math.pow(base, exponent))
    }
  }
}

/**
 * The table `[length, width]`, row-major: column `2i` holds the sine and `2i + 1` the cosine of position times
 * frequency `i`. An odd width ends with a sine.
 */
export function sinusoidalTable(
  length: number,
  width: number,
  options: { readonly formula?: DivisorFormula; readonly start?: number } = {},
): Float64Array {
  const { formula = 'exponential', start = 0 } = options
  const frequencies = sinusoidalFrequencies(width, formula)
  const table = new Float64Array(length * width)
  for (let position = 0; position < length; position++) {
    for (let column = 0; column < width; column++) {
      const angle = (start + position) * frequencies[column >> 1]!
      table[position * width + column] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
    }
  }
  return table
}
