import { ArgumentError } from '@qkv/tensor'

/** Weights of the edges between the nodes of a graph, row by row: `adjacency[from][to]`, 0 where there is none. */
export type Adjacency = readonly (readonly number[])[]

/** Throws an `ArgumentError` unless it is square, of numbers from 0 on. */
export function checkAdjacency(operation: string, adjacency: Adjacency): void {
  const nodes = adjacency.length
  const row = adjacency.findIndex(
    (weights) =>
      weights.length !== nodes || !weights.every((weight) => Number.isFinite(weight) && weight >= 0),
  )
  if (row < 0) return
  throw new ArgumentError({
    operation,
    argument: 'adjacency',
    got: `has the row ${row} [${adjacency[row]!.join(', ')}]`,
    expected: `${nodes} rows of ${nodes} numbers from 0 on`,
    fix: 'Give one row per node, with 0 where there is no edge.',
  })
}

/** Throws an `ArgumentError` unless edges go both ways. */
export function checkSymmetric(operation: string, adjacency: Adjacency): void {
  for (const [from, weights] of adjacency.entries()) {
    for (const [to, weight] of weights.entries()) {
      if (weight === adjacency[to]![from]) continue
      throw new ArgumentError({
        operation,
        argument: 'adjacency',
        got: `has ${weight} from node ${from} to ${to}, and ${adjacency[to]![from]} back`,
        expected: 'edges that go both ways',
        fix: 'Add each edge in both directions.',
      })
    }
  }
}
