import { xavierUniform } from '@qkv/nn'
import { matmul, mul, repeatKeyHeads, slice, softmax, type Tensor, transpose } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { withoutPadding } from '../../mixers/features.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'

export interface LinformerOptions {
  /** How many rows keys and values are mixed down to; 256 unless said, and never more than the maximum length. */
  readonly rank?: number
}

/**
 * Two trained matrices `[rank, maximumLength]`, which all heads of a layer share, mix keys and values along the length before queries
 * attend to what is left: time and memory grow with the length and not its square. Shorter inputs use the first
 * columns. Filled-up keys and values count as zeros. Every row mixes all positions: there is no causal form, and no cache.
 *
 * @example
 * compose([linformer({ rank: 64 }), padding()])
 */
export function linformer(options: LinformerOptions = {}): AttentionPart {
  const { rank = 256 } = options
  checkOptions('linformer', { rank }, wholeFrom(1))
  const mixture: ParameterDeclaration = {
    owner: 'attention',
    shape: ({ maximumLength }) => [Math.min(rank, maximumLength), maximumLength],
    initializer: xavierUniform(),
  }
  return {
    name: 'linformer',
    source:
      'Wang et al. 2020, Linformer: Self-Attention with Linear Complexity, section 4, equation 7, with headwise sharing (arXiv 2006.04768)',
    about: {
      year: 2020,
      formula: 'o = softmax(q (E K)ᵀ / √d) (F V), E and F trained, [rank, length]',
      use: 'Encoders for texts of much the same, large length.',
    },
    options,
    cacheable: false,
    obeys: ['padding'],
    excludes: { causal: 'each of its keys is a sum over all positions' },
    parameters: { keyMixture: mixture, valueMixture: mixture },
    mix(context, query, key, value) {
      const heads = query.shape[1]!
      const keys = mixedDown(context, 'keyMixture', key, heads)
      const values = mixedDown(context, 'valueMixture', value, heads)
      const scores = mul(matmul(query, transpose(keys)), query.shape[3]! ** -0.5)
      return matmul(softmax(scores, { axis: -1 }), values)
    },
  }
}

/** `[batch, heads, rank, ...]` */
function mixedDown(context: AttentionContext, name: string, rows: Tensor, heads: number): Tensor {
  const length = rows.shape[2]!
  const { maximumLength } = context
  checkPositions('linformer', 'key', { start: 0, length, maximumLength })
  const mixture = slice(context.parameter(name), [{}, { size: length }])
  return repeatKeyHeads(matmul(mixture, withoutPadding(context, rows)), heads)
}
