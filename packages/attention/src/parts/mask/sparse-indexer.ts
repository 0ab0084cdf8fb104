import { xavierUniform } from '@qkv/nn'
import { matmul, mul, relu, reshape, stopGradient, sum, type Tensor, transpose } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import { joinHeads } from '../../heads.ts'
import { keepLargest } from '../../masks/keep-largest.ts'
import type { AttentionPart, ParameterDeclaration, PartSizes } from '../../part.ts'

export interface SparseIndexerOptions {
  /** How many keys each query sees at most, the same ones in every head; 64 unless said. */
  readonly k?: number
  /** How many small heads score the keys; 4 unless said. */
  readonly indexHeads?: number
  /** Columns of each small head; 16 unless said. */
  readonly indexSize?: number
}

/**
 * A small scorer of its own picks the keys that each query sees: a few heads of small size, which share one key and are weighed by the
 * query. Only what the masks keep is picked.
 *
 * It reads the attention's queries and keys, which a cache keeps, where the paper reads the hidden state. Picking has no gradient: the
 * paper trains the scorer to resemble the full attention's weights, which is left to the caller.
 *
 * @example
 * compose([scaledDot(), sparseIndexer({ k: 64 }), causal()])
 */
export function sparseIndexer(options: SparseIndexerOptions = {}): AttentionPart {
  const { k = 64, indexHeads = 4, indexSize = 16 } = options
  checkOptions('sparse-indexer', { k }, wholeFrom(1), 'Give the number of keys, such as 64.')
  checkOptions('sparse-indexer', { indexHeads }, wholeFrom(1), 'Give the number of heads, such as 4.')
  checkOptions('sparse-indexer', { indexSize }, wholeFrom(1), 'Give the number of columns, such as 16.')
  const parameter = (rows: (sizes: PartSizes) => number, columns: number): ParameterDeclaration => ({
    owner: 'attention',
    shape: (sizes) => [rows(sizes), columns],
    initializer: xavierUniform(),
  })
  const queryWidth = ({ heads, headSize }: PartSizes): number => heads * headSize
  return {
    name: 'sparse-indexer',
    source:
      'DeepSeek-AI 2025, DeepSeek-V3.2: Pushing the Frontier of Open Large Language Models, section 2.1 (arXiv 2512.02556)',
    about: {
      year: 2025,
      formula:
        'keep where I = Σ_h w_h · ReLU(q_h·k) is one of the k largest of its row, w, q and k small maps',
      use: 'Very long texts: the scorer is cheap, and attention sees a constant number of keys.',
    },
    options,
    // What it selects is the same for all maps of scores.
    countsOn: ['keyColumns'],
    parameters: {
      query: parameter(queryWidth, indexHeads * indexSize),
      key: parameter(({ keyHeads, headSize }) => keyHeads * headSize, indexSize),
      weight: parameter(queryWidth, indexHeads),
    },
    select(context, _scores, query, key, keep) {
      const map = (x: Tensor, name: string): Tensor =>
        matmul(stopGradient(x), stopGradient(context.parameter(name)))
      const [rows, columns] = [joinHeads(query), joinHeads(key)]
      const [batch, queries] = rows.shape as [number, number]
      const small = reshape(map(rows, 'query'), [batch, queries, indexHeads, indexSize])
      const shared = reshape(map(columns, 'key'), [batch, 1, columns.shape[1]!, indexSize])
      const products = matmul(
        transpose(small, { order: [0, 2, 1, 3] }),
        transpose(shared, { order: [0, 1, 3, 2] }),
      )
      const weights = transpose(reshape(map(rows, 'weight'), [batch, queries, indexHeads, 1]), {
        order: [0, 2, 1, 3],
      })
      return keepLargest(sum(mul(relu(products), weights), { axis: 1, keepAxes: true }), keep, k)
    },
  }
}
