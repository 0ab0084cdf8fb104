import { normal } from '@qkv/nn'
import { matmul, repeatKeyHeads, transpose } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'

/**
 * Scores are products of queries and keys with a trained matrix between them, one per head and without a scale: the
 * paper's `general` score.
 *
 * @example
 * compose([luong(), padding()])
 */
export function luong(): AttentionPart {
  return {
    name: 'luong',
    source:
      'Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation, section 3.1',
    parameters: {
      weight: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, headSize, headSize],
        // Keeps scores at unit size, as `scaled-dot` does.
        initializer: (init, shape) => normal({ standardDeviation: shape.at(-1)! ** -0.5 })(init, shape),
      },
    },
    score(context, query, key) {
      const mapped = matmul(query, context.parameter('weight'))
      return matmul(mapped, transpose(repeatKeyHeads(key, query.shape[1]!)))
    },
  }
}
