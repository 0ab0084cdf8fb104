import { checkOptions, wholeFrom } from '../check-options.ts'
import { type Adjacency, checkAdjacency, checkSymmetric } from './adjacency.ts'
import { symmetricEigenvectors } from './symmetric-eigenvectors.ts'

/**
 * For each node of a graph its elements of the `count` eigenvectors of the Laplacian `I - D^(-1/2) A D^(-1/2)` with the smallest
 * eigenvalues but the first, which says nothing of position: `[nodes, count]`, row-major. Eigenvectors of a graph with fewer nodes
 * are filled up with zeros. Edges go both ways; D has the sums of the rows, and 1 for a node without edges.
 *
 * An eigenvector's sign is free: here its largest element is positive. Eigenvectors of one eigenvalue may be mixed in any way.
 * Throws an `ArgumentError` for an adjacency that is not square or not symmetric.
 *
 * Source: Dwivedi and Bresson 2020, A Generalization of Transformer Networks to Graphs (arXiv 2012.09699).
 *
 * @example
 * laplacianEigenvectors([[0, 1], [1, 0]], 1) // [0.707, -0.707]
 */
export function laplacianEigenvectors(adjacency: Adjacency, count: number): Float64Array {
  checkAdjacency('laplacianEigenvectors', adjacency)
  checkSymmetric('laplacianEigenvectors', adjacency)
  checkOptions(
    'laplacianEigenvectors',
    { count },
    wholeFrom(1),
    'Give how many numbers each node gets, such as 8.',
  )
  const nodes = adjacency.length
  const degrees = adjacency.map((weights) => weights.reduce((sum, weight) => sum + weight, 0) || 1)
  const laplacian = Float64Array.from({ length: nodes * nodes }, (_, index) => {
    const [row, column] = [Math.floor(index / nodes), index % nodes]
    const edge = adjacency[row]![column]! / Math.sqrt(degrees[row]! * degrees[column]!)
    return (row === column ? 1 : 0) - edge
  })
  const { vectors } = symmetricEigenvectors(laplacian, nodes)
  return Float64Array.from({ length: nodes * count }, (_, index) => {
    const column = 1 + (index % count)
    return column < nodes ? vectors[Math.floor(index / count) * nodes + column]! : 0
  })
}
