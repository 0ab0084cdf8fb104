/** The power of `x` that `y` grows with: the slope of the line through the logarithms, by least squares. */
export function powerOf(points: readonly (readonly [x: number, y: number])[]): number {
  const logarithms = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (of: 0 | 1): number => logarithms.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const covariance = logarithms.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return covariance / logarithms.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
