import { normal, xavierUniform } from '@qkv/nn'
import {
  add,
  broadcastTo,
  clamp,
  iota,
  matmul,
  mul,
  repeatKeyHeads,
  reshape,
  sub,
  takeAlongAxis,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { products } from '../../scores/products.ts'

export interface DisentangledOptions {
  /** From this distance on, in tokens, positions share an embedding; 512 unless said, or the maximum length if that is less. */
  readonly distance?: number
}

/**
 * Scores are products of content with content, of the query's content with the key's relative position, and of the query's
 * relative position with the key's content. The last two share one table of embeddings `[2 distance, width]`, with a projection for
 * queries and one for keys. Each attention trains its own (DeBERTa shares the table among layers).
 *
 * @example
 * compose([disentangled({ distance: 64 }), padding()])
 */
export function disentangled(options: DisentangledOptions = {}): AttentionPart {
  const { distance } = options
  checkOptions('disentangled', { distance }, wholeFrom(1))
  const projection: ParameterDeclaration = {
    owner: 'attention',
    shape: ({ width, heads, headSize }) => [width, heads * headSize],
    initializer: xavierUniform(),
  }
  return {
    name: 'disentangled',
    source:
      'He et al. 2020, DeBERTa: Decoding-enhanced BERT with Disentangled Attention, section 3.1 (arXiv 2006.03654)',
    about: {
      year: 2020,
      formula: 'S_ij = (q_i·k_j + q_i·K_δ(i,j) + k_j·Q_δ(j,i)) / √(3d), δ(i,j) = i - j + D, from 0 to 2D - 1',
      use: 'Encoders that understand text: what a word means for another depends on both and on their distance.',
    },
    options,
    selfOnly: 'its positions are those of one sequence',
    parameters: {
      relative: {
        owner: 'attention',
        shape: ({ maximumLength, width }) => [2 * (distance ?? Math.min(512, maximumLength)), width],
        initializer: normal({ standardDeviation: 0.02 }),
      },
      queryProjection: projection,
      keyProjection: projection,
    },
    score(context, query, key) {
      const { queryStart, queryLength, keyLength } = context
      const keys = repeatKeyHeads(key, context.heads)
      const contentToPosition = matmul(query, transpose(projected(context, 'keyProjection')))
      const positionToContent = matmul(keys, transpose(projected(context, 'queryProjection')))
      const forQueries = byDistance(contentToPosition, queryStart, keyLength, 0)
      const forKeys = transpose(byDistance(positionToContent, 0, queryLength, queryStart))
      const total = add(add(products(query, keys), forQueries), forKeys)
      return mul(total, 1 / Math.sqrt(3 * query.shape[3]!))
    },
  }
}

/** The relative embeddings as queries or keys: `[heads, 2 distance, headSize]`. */
function projected(context: AttentionContext, name: string): Tensor {
  const { heads, headSize } = context
  const rows = matmul(context.parameter('relative'), context.parameter(name))
  return transpose(reshape(rows, [rows.shape[0]!, heads, headSize]), { order: [1, 0, 2] })
}

/**
 * From `[batch, heads, from, 2 distance]` the column of the distance to each of `count` positions, which start at `toStart`; rows
 * start at `fromStart`.
 */
function byDistance(table: Tensor, fromStart: number, count: number, toStart: number): Tensor {
  const { device } = table
  const [batch, heads, rows, columns] = table.shape as [number, number, number, number]
  const from = iota(device, [rows, 1], { axis: 0, start: fromStart + columns / 2 })
  const offsets = sub(from, iota(device, [1, count], { axis: 1, start: toStart }))
  const within = clamp(offsets, { min: 0, max: columns - 1 })
  return takeAlongAxis(table, broadcastTo(within, [batch, heads, rows, count]))
}
