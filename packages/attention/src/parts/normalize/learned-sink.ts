import { zeros } from '@qkv/nn'
import { sinkSoftmax } from '../../normalizers/sink-softmax.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * Softmax with one more key per head, whose score is trained and which has no value: the weight that it takes goes nowhere.
 * Scores start at 0, as `softmax-plus-one` has them for good.
 *
 * @example
 * compose([scaledDot(), learnedSink(), causal()])
 */
export function learnedSink(): AttentionPart {
  return {
    name: 'learned-sink',
    source: 'OpenAI 2025, gpt-oss-120b & gpt-oss-20b Model Card, section 2.2 (arXiv 2508.10925)',
    about: {
      year: 2025,
      formula: 'A_j = exp(S_j) / (exp(b_h) + Σ_k exp(S_k))',
      use: 'Long texts and windows: a head learns how much of its weight to spend on nothing.',
    },
    parameters: {
      sink: { owner: 'attention', shape: ({ heads }) => [heads], initializer: zeros() },
    },
    fused: { sinks: (context) => context.parameter('sink') },
    normalize: (context, scores, keep) => sinkSoftmax(scores, keep, context.parameter('sink')),
  }
}
