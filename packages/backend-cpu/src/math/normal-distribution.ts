const densityAtZero = 1 / Math.sqrt(2 * Math.PI)

/** The density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return densityAtZero * Math.exp(-0.5 * x * x)
}

/** How much of the standard normal distribution lies below x, precise also where it is tiny. */
export function normalCumulative(x: number): number {
  if (x > 0) return 1 - normalCumulative(-x)
  return x > -2 ? 0.5 + normalDensity(x) * centralSeries(x) : normalDensity(x) / tailFraction(-x)
}

/** Marsaglia 2004, "Evaluating the normal distribution", equation 3: terms of one sign. */
function centralSeries(x: number): number {
  let term = x
  let total = x
  for (let odd = 3; Math.abs(term) > Math.abs(total) * 1e-17; odd += 2) {
    term *= (x * x) / odd
    total += term
  }
  return total
}

/** The continued fraction of Mills' ratio, DLMF 7.9.1, evaluated from its end. */
function tailFraction(x: number): number {
  let fraction = x
  for (let level = 80; level > 0; level--) fraction = x + level / fraction
  return fraction
}
