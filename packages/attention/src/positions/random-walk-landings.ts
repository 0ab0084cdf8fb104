import { checkOptions, wholeFrom } from '../check-options.ts'
import { type Adjacency, checkAdjacency } from './adjacency.ts'

/**
 * How likely a random walk from each node of a graph is back after 1 to `steps` steps: `[nodes, steps]`, row-major, the diagonals of
 * the powers of `D^-1 A`. A walk ends at a node without edges. Throws an `ArgumentError` for an adjacency that is not square.
 *
 * Source: Dwivedi et al. 2021, Graph Neural Networks with Learnable Structural and Positional Representations
 * (arXiv 2110.07875).
 *
 * @example
 * randomWalkLandings([[0, 1], [1, 0]], 2) // [0, 1, 0, 1]
 */
export function randomWalkLandings(adjacency: Adjacency, steps: number): Float64Array {
  checkAdjacency('randomWalkLandings', adjacency)
  checkOptions('randomWalkLandings', { steps }, wholeFrom(1), 'Give the number of steps, such as 16.')
  const nodes = adjacency.length
  const chances = adjacency.map((weights) => {
    const degree = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => (degree === 0 ? 0 : weight / degree))
  })
  const landings = new Float64Array(nodes * steps)
  for (let start = 0; start < nodes; start++) {
    let places = Float64Array.from({ length: nodes }, (_, node) => (node === start ? 1 : 0))
    for (let step = 0; step < steps; step++) {
      places = walk(places, chances)
      landings[start * steps + step] = places[start]!
    }
  }
  return landings
}

function walk(places: Float64Array, chances: Adjacency): Float64Array<ArrayBuffer> {
  const next = new Float64Array(places.length)
  for (const [from, weights] of chances.entries()) {
    for (const [to, chance] of weights.entries()) next[to]! += places[from]! * chance
  }
  return next
}
