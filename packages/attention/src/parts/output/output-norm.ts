import { ones, zeros } from '@qkv/nn'
import { add, layerNorm, mul, reshape } from '@qkv/tensor'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'

/**
 * Normalises the output of each head at each position to mean 0 and variance 1 over its columns (`epsilon` 1e-5), then
 * multiplies and adds a trained number for each column of each head: a group norm whose groups are the heads.
 * Heads whose outputs differ in size, such as those of `retention`, weigh the same after it.
 *
 * @example
 * compose([retention(), outputNorm(), causal()])
 */
export function outputNorm(): AttentionPart {
  const columns = (initializer: ParameterDeclaration['initializer']): ParameterDeclaration => ({
    owner: 'attention',
    shape: ({ heads, headSize }) => [heads, headSize],
    initializer,
  })
  return {
    name: 'output-norm',
    source:
      'Sun et al. 2023, Retentive Network, section 2.2, equation 8: GroupNorm over heads (arXiv 2307.08621)',
    about: {
      year: 2023,
      formula: 'g (o - mean o) / √(var o + 1e-5) + b, per head',
      use: 'Mixers whose heads have outputs of different size.',
    },
    parameters: { gain: columns(ones()), offset: columns(zeros()) },
    output({ parameter, heads }, output) {
      const size = output.shape[3]!
      const spread = (name: string) => reshape(parameter(name), [heads, 1, size])
      const normalized = layerNorm(output, { normalizedShape: [size], epsilon: 1e-5 })
      return add(mul(normalized, spread('gain')), spread('offset'))
    },
  }
}
