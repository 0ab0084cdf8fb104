import { full, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../../context.ts'
import { sinkSoftmax } from '../../normalizers/sink-softmax.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * Softmax with 1 added to the sum of the exponentials: a head with nothing to say gives weights near zero, and no longer has to
 * pour them onto some token. The 1 is the exponential of one more key's score, 0.
 *
 * @example
 * compose([scaledDot(), softmaxPlusOne(), causal()])
 */
export function softmaxPlusOne(): AttentionPart {
  return {
    name: 'softmax-plus-one',
    source: 'Miller 2023, Attention Is Off By One, evanmiller.org/attention-is-off-by-one.html',
    about: {
      year: 2023,
      formula: 'A_j = exp(S_j) / (1 + Σ_k exp(S_k))',
      use: 'Heads that may abstain, and activations without the outliers that hinder quantisation.',
    },
    countsOn: ['scoreMaps'],
    fused: { sinks: zeros },
    normalize: (context, scores, keep) => sinkSoftmax(scores, keep, zeros(context)),
  }
}

function zeros({ device, heads }: AttentionContext): Tensor {
  return full(device, [heads], 0)
}
