import { add, elu, type Tensor } from '@qkv/tensor'
import { checkOptions, numberFrom } from '../../check-options.ts'
import { featureAttention } from '../../mixers/feature-attention.ts'
import type { AttentionPart } from '../../part.ts'

export interface LinearOptions {
  /** Added to the sum of the weights; 1e-6 unless said. */
  readonly epsilon?: number
}

/**
 * Attention in linear time: the exponential of scores becomes a product of features of query and key, so that sums
 * over keys are made once and not for each query. Features are `elu(x) + 1`; there is no scale. With `causal` it is a
 * recurrence, whose state has one size however long the text is.
 *
 * @example
 * compose([linear(), causal(), padding()])
 */
export function linear(options: LinearOptions = {}): AttentionPart {
  const { epsilon = 1e-6 } = options
  checkOptions('linear', { epsilon }, numberFrom(0))
  return {
    name: 'linear',
    source: 'Katharopoulos et al. 2020, Transformers are RNNs, section 3.2 (arXiv 2006.16236)',
    about: {
      year: 2020,
      formula: 'o = Σ (f(q)·f(k)) v / Σ f(q)·f(k), f(x) = elu(x) + 1',
      use: 'Long texts, and generation whose time and memory per token do not grow.',
    },
    options,
    obeys: ['causal', 'padding'],
    ...featureAttention({ query: features, key: features }, epsilon),
  }
}

function features(x: Tensor): Tensor {
  return add(elu(x), 1)
}
