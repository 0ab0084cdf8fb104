import { matmul, reshape, type Tensor, transpose } from '@qkv/tensor'
import { identityMatrix } from '../../biases/identity-matrix.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'

const map: ParameterDeclaration = {
  owner: 'attention',
  shape: ({ heads }) => [heads, heads],
  initializer: identityMatrix,
}

/**
 * Two trained maps `[from, to]` over heads: scores of one head become a mixture of those of all, and so do the weights. Both
 * begin as the identity. Weights need not add up to 1, and may be negative.
 *
 * @example
 * compose([scaledDot(), talkingHeads(), causal()])
 */
export function talkingHeads(): AttentionPart {
  return {
    name: 'talking-heads',
    source: 'Shazeer et al. 2020, Talking-Heads Attention (arXiv 2003.02436)',
    about: {
      year: 2020,
      formula: 'S[h] = Σ P[g, h]·q[g]·k[g] / √d, A[h] = Σ W[g, h]·softmax(S[g])',
      use: 'Many small heads, which so share what they find.',
    },
    parameters: { scores: map, weights: map },
    bias: (context, scores) => mixHeads(scores, context.parameter('scores')),
    weights: (context, weights) => mixHeads(weights, context.parameter('weights')),
  }
}

function mixHeads(x: Tensor, weight: Tensor): Tensor {
  const [batch, heads, queries, keys] = x.shape as [number, number, number, number]
  const columns = reshape(x, [batch, heads, queries * keys])
  return reshape(matmul(transpose(weight), columns), [batch, heads, queries, keys])
}
