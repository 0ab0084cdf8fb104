import { constant } from '@qkv/nn'
import { log, mul, reshape } from '@qkv/tensor'
import { maskedSoftmax } from '../../attend.ts'
import { checkOptions, finite } from '../../check-options.ts'
import { keptKeyCount } from '../../normalizers/kept-key-count.ts'
import type { AttentionPart } from '../../part.ts'

export interface ScalableSoftmaxOptions {
  /** What the trained factor starts from; 0.43 unless said. */
  readonly initial?: number
}

/**
 * Softmax of scores that grow with the logarithm of the number of keys that the query keeps, times a trained number per head: the
 * largest weight does not fade as texts grow. With `causal` a query's keys are those up to itself.
 *
 * @example
 * compose([scaledDot(), scalableSoftmax(), causal()])
 */
export function scalableSoftmax(options: ScalableSoftmaxOptions = {}): AttentionPart {
  const { initial = 0.43 } = options
  checkOptions('scalable-softmax', { initial }, finite)
  return {
    name: 'scalable-softmax',
    source: 'Nakanishi 2025, Scalable-Softmax Is Superior for Attention (arXiv 2501.19399)',
    about: {
      year: 2025,
      formula: 'A = softmax(s_h · log n · S)',
      use: 'Texts longer than those of training, in which weights would spread too thin.',
    },
    options,
    parameters: {
      scale: { owner: 'attention', shape: ({ heads }) => [heads], initializer: constant(initial) },
    },
    normalize(context, scores, keep) {
      const scale = context.parameter('scale')
      const factor = mul(log(keptKeyCount(scores, keep)), reshape(scale, [scale.shape[0]!, 1, 1]))
      return maskedSoftmax(mul(scores, factor), keep)
    },
  }
}
