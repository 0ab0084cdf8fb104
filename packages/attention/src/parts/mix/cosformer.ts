import { concat, cos, iota, mul, relu, sin, type Tensor } from '@qkv/tensor'
import { checkOptions, numberFrom, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { featureAttention } from '../../mixers/feature-attention.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import type { AttentionPart } from '../../part.ts'

export interface CosformerOptions {
  /** The distance at which a key counts nothing, in positions; the model's maximum length unless said. No sequence may be longer. */
  readonly reach?: number
  /** Added to the sum of the weights; 1e-6 unless said. */
  readonly epsilon?: number
}

/**
 * Attention in linear time whose weights are products of ReLU features times a cosine that falls with the distance: the cosine
 * of a difference is a sum of two products, so that twice the features hold it. With `causal` it is a recurrence with a
 * state of one size.
 *
 * @example
 * compose([cosformer(), causal(), padding()])
 */
export function cosformer(options: CosformerOptions = {}): AttentionPart {
  const { reach, epsilon = 1e-6 } = options
  checkOptions('cosformer', { reach }, wholeFrom(1))
  checkOptions('cosformer', { epsilon }, numberFrom(0))
  const features = (argument: string) => (rows: Tensor, context: AttentionContext, start: number) =>
    turnedFeatures(rows, { argument, start, reach: reach ?? context.maximumLength })
  return {
    name: 'cosformer',
    source: 'Qin et al. 2022, cosFormer: Rethinking Softmax in Attention (arXiv 2202.08791)',
    about: {
      year: 2022,
      formula: 'o = Σ w v / Σ w, w = relu(q)·relu(k) cos(π/2 (i - j) / M)',
      use: 'Long texts where near keys matter most, without position embeddings.',
    },
    options,
    obeys: ['causal', 'padding'],
    ...featureAttention({ query: features('query'), key: features('key') }, epsilon),
  }
}

/** ReLU features times the cosine and times the sine of their position. */
function turnedFeatures(
  rows: Tensor,
  at: { readonly argument: string; readonly start: number; readonly reach: number },
): Tensor {
  const { argument, start, reach } = at
  const length = rows.shape[2]!
  checkPositions('cosformer', argument, { start, length, maximumLength: reach })
  const positions = iota(rows.device, [length, 1], { axis: 0, start, dtype: 'float32' })
  const angles = mul(positions, Math.PI / 2 / reach)
  const positive = relu(rows)
  return concat([mul(positive, cos(angles)), mul(positive, sin(angles))], { axis: 3 })
}
