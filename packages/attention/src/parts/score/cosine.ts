import { zeros } from '@qkv/nn'
import { exp, mul, reshape } from '@qkv/tensor'
import { checkOptions, numberAbove } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'
import { products } from '../../scores/products.ts'
import { unitRows } from '../../scores/unit-rows.ts'

export interface CosineOptions {
  /** What β starts from in each head, a positive number; the root of the head size unless said, at which scores vary as much as those of `scaled-dot`. */
  readonly strength?: number
}

/**
 * Scores are the cosine of query and key times a trained positive β per head, whose logarithm is stored: their lengths do not
 * matter.
 *
 * @example
 * compose([cosine({ strength: 10 }), padding()])
 */
export function cosine(options: CosineOptions = {}): AttentionPart {
  const { strength } = options
  checkOptions('cosine', { strength }, numberAbove(0))
  return {
    name: 'cosine',
    source: 'Graves et al. 2014, Neural Turing Machines, section 3.3.1 (arXiv 1410.5401)',
    about: {
      year: 2014,
      formula: 'S = β_h q·k / (|q| |k|)',
      use: 'Look-ups by content, and scores that stay bounded however large activations become.',
    },
    options,
    parameters: {
      // Of β over its start.
      logStrength: { owner: 'attention', shape: ({ heads }) => [heads], initializer: zeros() },
    },
    score(context, query, key) {
      const heads = query.shape[1]!
      const start = strength ?? Math.sqrt(query.shape[3]!)
      const beta = mul(exp(reshape(context.parameter('logStrength'), [heads, 1, 1])), start)
      return mul(products(unitRows(query), unitRows(key)), beta)
    },
  }
}
