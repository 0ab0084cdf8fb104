/**
 * A smooth function as a cubic per interval, made to pass through four of its points: a few multiplications replace an
 * exponential or a hyperbolic tangent. Outside `[low, high]` the function counts as constant.
 */
export interface InterpolationTable {
  readonly low: number
  readonly high: number
  /** Intervals per unit. */
  readonly density: number
  /** Four numbers per interval, lowest power first. */
  readonly coefficients: Float64Array
}

/**
 * Tabulates `compute`. The relative error is that of the fourth difference, `f''''(x) / density ** 4 / 1944`: with 32
 * intervals per unit it is far below the rounding of float32 for all functions used here.
 */
export function tabulate(
  compute: (x: number) => number,
  low: number,
  high: number,
  density: number,
): InterpolationTable {
  const intervals = (high - low) * density
  // One interval more, for x = high, where the function is constant.
  const coefficients = new Float64Array(4 * (intervals + 1))
  for (let interval = 0; interval < intervals; interval++) {
    const at = (third: number): number => compute(low + (interval + third / 3) / density)
    const [a, b, c, d] = [at(0), at(1), at(2), at(3)]
    coefficients[4 * interval] = a
    coefficients[4 * interval + 1] = (-11 * a + 18 * b - 9 * c + 2 * d) / 2
    coefficients[4 * interval + 2] = (18 * a - 45 * b + 36 * c - 9 * d) / 2
    coefficients[4 * interval + 3] = (-9 * a + 27 * b - 27 * c + 9 * d) / 2
  }
  coefficients[4 * intervals] = compute(high)
  return { low, high, density, coefficients }
}

/** The tabulated function; NaN gives NaN. Takes the fields of the table, so that loops read them once. */
export function interpolate(
  coefficients: Float64Array,
  low: number,
  high: number,
  density: number,
  x: number,
): number {
  const below = x > high ? high : x
  const bounded = below < low ? low : below
  const place = (bounded - low) * density
  const interval = place | 0
  const rest = place - interval
  const entry = interval << 2
  return (
    coefficients[entry]! +
    rest * (coefficients[entry + 1]! + rest * (coefficients[entry + 2]! + rest * coefficients[entry + 3]!))
  )
}
