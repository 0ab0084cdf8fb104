/** Of the cubic through four points, as in PyTorch. */
const sharpness = -0.75

/**
 * How much each of `from` points on a line counts for each of `to` points on the same line, `[to, from]`, row-major: cubic
 * interpolation between the middles of the points, where those beyond the ends repeat the last one.
 *
 * Source: Keys 1981, Cubic convolution interpolation; as `interpolate(mode='bicubic', align_corners=False)` of PyTorch.
 *
 * @example
 * bicubicWeights(2, 4) // 4 rows of 2 weights, each of sum 1
 */
export function bicubicWeights(from: number, to: number): Float64Array {
  const weights = new Float64Array(to * from)
  for (let target = 0; target < to; target++) {
    const place = ((target + 0.5) * from) / to - 0.5
    const before = Math.floor(place)
    for (let offset = -1; offset <= 2; offset++) {
      const source = Math.min(Math.max(before + offset, 0), from - 1)
      weights[target * from + source]! += cubic(Math.abs(place - (before + offset)))
    }
  }
  return weights
}

/** The weight of a point at a distance below 2. */
function cubic(distance: number): number {
  const a = sharpness
  return distance <= 1
    ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
    : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
}
