/**
 * How the frequencies `10000^-exponent` are computed. The three formulas are the same in exact arithmetic:
 * `exponential` is `exp(exponent * -ln(10000))`, `power` divides by `10000^exponent` one by one, and `vectorized`
 * raises 10000 to a whole vector of exponents at once.
 */
export type DivisorFormula = 'exponential' | 'power' | 'vectorized'

/**
 * Where sines and cosines stand, and how the exponents of their frequencies grow from 0.
 *
 * - `interleaved`, the paper's: columns `2i` and `2i + 1` hold the sine and the cosine of exponent `2i / width`; an
 *   odd width ends with a sine.
 * - `concatenated`: all sines, then all cosines, of exponents
 *   `i / half` with `half = floor(width / 2)`; an odd width ends with a zero.
 * - `tensor2tensor`, of the paper's own code: as `concatenated`, with exponents `i / (half - 1)`, so that the last
 *   frequency is exactly `1 / 10000`.
 */
export type SinusoidalLayout = 'interleaved' | 'concatenated' | 'tensor2tensor'

export interface SinusoidalOptions {
  /** How frequencies are computed, `exponential`, `power` or `vectorized`: the same but for rounding; `exponential` unless said. */
  readonly formula?: DivisorFormula
  /** Where sines and cosines stand: `interleaved`, `concatenated` or `tensor2tensor`; `interleaved`, the paper's, unless said. */
  readonly layout?: SinusoidalLayout
}

const base = 10000

const formulas: Readonly<Record<DivisorFormula, (exponents: Float64Array) => Float64Array>> = {
  exponential: (exponents) => exponents.map((exponent) => Math.exp(exponent * -Math.log(base))),
  power(exponents) {
    const frequencies = new Float64Array(exponents.length)
    for (let index = 0; index < exponents.length; index++) frequencies[index] = 1 / base ** exponents[index]!
    return frequencies
  },
  vectorized: (exponents) => exponents.map((exponent) => Math.pow(base, -exponent)),
}

/**
 * The frequency of each pair of sine and cosine, in radians per position: `[ceil(width / 2)]` interleaved, else
 * `[floor(width / 2)]`.
 *
 * @example
 * sinusoidalFrequencies(4) // [1, 0.01]
 */
export function sinusoidalFrequencies(width: number, options: SinusoidalOptions = {}): Float64Array {
  const { formula = 'exponential', layout = 'interleaved' } = options
  return formulas[formula](exponentsOf(width, layout))
}

/**
 * The table `[length, width]` of positions from `start` (0 unless said) on, row-major.
 *
 * Source: Vaswani et al. 2017, Attention Is All You Need, section 3.5.
 *
 * @example
 * sinusoidalTable(2, 4) // [0, 1, 0, 1, 0.841, 0.540, 0.010, 1.000]
 */
export function sinusoidalTable(
  length: number,
  width: number,
  options: SinusoidalOptions & { readonly start?: number } = {},
): Float64Array {
  const { start = 0, layout = 'interleaved' } = options
  const frequencies = sinusoidalFrequencies(width, options)
  const table = new Float64Array(length * width)
  for (let row = 0; row < length; row++) {
    for (const [pair, frequency] of frequencies.entries()) {
      const angle = (start + row) * frequency
      const sine = layout === 'interleaved' ? 2 * pair : pair
      const cosine = layout === 'interleaved' ? sine + 1 : pair + frequencies.length
      table[row * width + sine] = Math.sin(angle)
      if (cosine < width) table[row * width + cosine] = Math.cos(angle)
    }
  }
  return table
}

function exponentsOf(width: number, layout: SinusoidalLayout): Float64Array {
  if (layout === 'interleaved') {
    return Float64Array.from({ length: Math.ceil(width / 2) }, (_, pair) => (2 * pair) / width)
  }
  const half = Math.floor(width / 2)
  // A single pair has the exponent 0, whatever it is divided by.
  const steps = layout === 'concatenated' ? half : Math.max(1, half - 1)
  return Float64Array.from({ length: half }, (_, pair) => pair / steps)
}
