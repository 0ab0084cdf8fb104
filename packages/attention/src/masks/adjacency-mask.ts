import { ArgumentError, reshape, slice } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import type { SideSample } from '../part.ts'
import { type Mask, noMask } from './mask.ts'

/**
 * The mask of a graph: the side input `adjacency`, `bool` `[batch, query, key]` with true where the key is a neighbour of the query.
 * With cached keys it has a row for every position. `'none'` joins every node with every other.
 */
export function adjacencyMask(name: string, context: AttentionContext): Mask {
  const adjacency = context.sideInput('adjacency')
  if (!adjacency) return noMask
  const { queryStart, queryLength, keyLength } = context
  const [batch, rows, keys] = adjacency.shape as [number, number, number]
  const start = rows === queryLength ? 0 : queryStart
  if (adjacency.rank !== 3 || keys !== keyLength || start + queryLength > rows) {
    throw new ArgumentError({
      operation: name,
      argument: 'side.adjacency',
      got: `has shape [${adjacency.shape.join(', ')}]`,
      expected: `[batch, query, key] for ${queryLength} queries and ${keyLength} keys`,
      fix: 'Bring a row for each node that asks and a column for each node that answers.',
    })
  }
  const own = slice(adjacency, [{}, { start, size: queryLength }])
  return { kind: 'tensor', keep: reshape(own, [batch, 1, queryLength, keys]) }
}

/** A path through the nodes with a few longer edges, each node its own neighbour. */
export function sampleAdjacency({
  batch,
  length,
}: {
  readonly batch: number
  readonly length: number
}): Record<string, SideSample> {
  const near = (from: number, to: number): boolean => Math.abs(from - to) < 2 || (from + to) % 3 === 0
  const values = Array.from({ length: batch * length * length }, (_, index) =>
    Number(near(Math.floor(index / length) % length, index % length)),
  )
  return { adjacency: { shape: [batch, length, length], values, dtype: 'bool' } }
}
