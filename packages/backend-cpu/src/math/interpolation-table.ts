/**
 * A smooth function as a cubic per interval, made to pass through four of its points: a few multiplications replace an
 * exponential or a hyperbolic tangent. Outside `[low, high]` the function counts as constant.
 *
 * All of it is one array, four numbers per interval, lowest power first, after `low`, `high` and the number of intervals per
 * unit: what loops read from an array of doubles is a double to the engine, without a check per element.
 */
export type InterpolationTable = Float64Array

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
  const table = new Float64Array(4 * (1 + intervals + 1))
  table.set([low, high, density])
  for (let interval = 0; interval < intervals; interval++) {
    const at = (third: number): number => compute(low + (interval + third / 3) / density)
    const [a, b, c, d] = [at(0), at(1), at(2), at(3)]
    const linear = (-11 * a + 18 * b - 9 * c + 2 * d) / 2
    const square = (18 * a - 45 * b + 36 * c - 9 * d) / 2
    table.set([a, linear, square, (-9 * a + 27 * b - 27 * c + 9 * d) / 2], 4 * (interval + 1))
  }
  table[4 * (intervals + 1)] = compute(high)
  return table
}

/** The tabulated function; NaN gives NaN. Loops read `low`, `high` and `density` from the table once. */
export function interpolate(
  table: InterpolationTable,
  low: number,
  high: number,
  density: number,
  x: number,
): number {
  const below = x > high ? high : x
  const bounded = below < low ? low : below
  const place = (bounded - low) * density + 1
  const interval = place | 0
  const rest = place - interval
  const entry = interval << 2
  return table[entry]! + rest * (table[entry + 1]! + rest * (table[entry + 2]! + rest * table[entry + 3]!))
}
