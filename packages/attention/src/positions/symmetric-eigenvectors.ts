/** Eigenvalues in rising order, and their eigenvectors of length 1 as the columns of `vectors`, `[size, size]`, row-major. */
export interface Eigenvectors {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

const sweeps = 64

/**
 * The eigenvectors of a symmetric matrix `[size, size]`, row-major, by Jacobi rotations: each sweep turns every pair of axes so that
 * their common element becomes zero. Each eigenvector's largest element is positive. It takes time in proportion to `size³`.
 */
export function symmetricEigenvectors(matrix: Float64Array, size: number): Eigenvectors {
  const work = matrix.slice()
  const turned = Float64Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0))
  const tolerance = 1e-15 * Math.sqrt(work.reduce((total, value) => total + value * value, 0))
  for (let sweep = 0; sweep < sweeps && offDiagonal(work, size) > tolerance; sweep++) {
    for (let first = 0; first < size; first++) {
      for (let second = first + 1; second < size; second++) rotateAxes(work, turned, size, first, second)
    }
  }
  return sorted(work, turned, size)
}

function offDiagonal(matrix: Float64Array, size: number): number {
  let total = 0
  for (const [index, value] of matrix.entries()) if (index % (size + 1) !== 0) total += value * value
  return Math.sqrt(total)
}

/** Turns two axes by the angle that makes the element between them zero. */
function rotateAxes(
  work: Float64Array,
  turned: Float64Array,
  size: number,
  first: number,
  second: number,
): void {
  const between = work[first * size + second]!
  if (between === 0) return
  const slope = (work[second * size + second]! - work[first * size + first]!) / (2 * between)
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1))
  const cosine = 1 / Math.hypot(tangent, 1)
  const sine = tangent * cosine
  const mix = (values: Float64Array, a: number, b: number): void => {
    const [x, y] = [values[a]!, values[b]!]
    values[a] = cosine * x - sine * y
    values[b] = sine * x + cosine * y
  }
  for (let index = 0; index < size; index++) mix(work, index * size + first, index * size + second)
  for (let index = 0; index < size; index++) mix(work, first * size + index, second * size + index)
  for (let index = 0; index < size; index++) mix(turned, index * size + first, index * size + second)
}

function sorted(work: Float64Array, turned: Float64Array, size: number): Eigenvectors {
  const order = Array.from({ length: size }, (_, index) => index).toSorted(
    (a, b) => work[a * size + a]! - work[b * size + b]!,
  )
  const vectors = new Float64Array(size * size)
  for (const [column, from] of order.entries()) {
    let largest = 0
    for (let row = 0; row < size; row++) {
      const value = turned[row * size + from]!
      if (Math.abs(value) > Math.abs(largest) + 1e-9) largest = value
    }
    for (let row = 0; row < size; row++)
      vectors[row * size + column] = turned[row * size + from]! * (largest < 0 ? -1 : 1)
  }
  return { values: Float64Array.from(order, (index) => work[index * (size + 1)]!), vectors }
}
