import { normal } from '@qkv/nn'
import { add, mul, repeatKeyHeads, reshape, sum, tanh, type Tensor } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'

/**
 * Scores are a trained vector times the tanh of query plus key: a network with one hidden layer, whose first maps are
 * the attention's own projections. It needs `headSize` times the memory of a product.
 *
 * @example
 * compose([additive(), padding()])
 */
export function additive(): AttentionPart {
  return {
    name: 'additive',
    source:
      'Bahdanau et al. 2014, Neural Machine Translation by Jointly Learning to Align and Translate, A.1.2',
    parameters: {
      vector: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, headSize],
        // Keeps scores at unit size, as `scaled-dot` does.
        initializer: (init, shape) => normal({ standardDeviation: shape.at(-1)! ** -0.5 })(init, shape),
      },
    },
    score(context, query, key) {
      const [batch, heads, queries, size] = query.shape as [number, number, number, number]
      const rows = reshape(query, [batch, heads, queries, 1, size])
      const columns = withQueryAxis(repeatKeyHeads(key, heads))
      const vector = reshape(context.parameter('vector'), [heads, 1, 1, size])
      return sum(mul(tanh(add(rows, columns)), vector), { axis: -1 })
    },
  }
}

/** `[batch, heads, 1, key, headSize]` */
function withQueryAxis(key: Tensor): Tensor {
  const [batch, heads, keys, size] = key.shape as [number, number, number, number]
  return reshape(key, [batch, heads, 1, keys, size])
}
