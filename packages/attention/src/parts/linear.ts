import {
  add,
  cumsum,
  div,
  elu,
  equal,
  matmul,
  mul,
  repeatKeyHeads,
  reshape,
  slice,
  sum,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import type { AttentionPart } from '../part.ts'

/**
 * Attention in linear time: the exponential of scores becomes a product of features of query and key, so that sums
 * over keys are made once and not for each query. Features are `elu(x) + 1`; there is no scale. With `causal`, the
 * running sums take the memory of one `[headSize, headSize]` matrix per position.
 *
 * @example
 * compose([linear(), causal(), padding()])
 */
export function linear({ epsilon = 1e-6 }: { readonly epsilon?: number } = {}): AttentionPart {
  return {
    name: 'linear',
    source: 'Katharopoulos et al. 2020, Transformers are RNNs, section 3.2',
    obeys: ['causal', 'padding'],
    mix(context, query, key, value) {
      const heads = query.shape[1]!
      const queries = features(query)
      const keys = withoutPadding(context, repeatKeyHeads(features(key), heads))
      const values = repeatKeyHeads(value, heads)
      const [mixed, total] = context.causal
        ? runningSums(context, queries, keys, values)
        : ([
            matmul(queries, matmul(transpose(keys), values)),
            matmul(queries, transpose(sum(keys, { axis: 2, keepAxes: true }))),
          ] as const)
      // A query without keys has no mixture: zeros, whatever epsilon is.
      return div(mixed, add(where(equal(total, 0), 1, total), epsilon))
    },
  }
}

function features(x: Tensor): Tensor {
  return add(elu(x), 1)
}

/** Keys whose features are zero add nothing to any sum. */
function withoutPadding(context: AttentionContext, keys: Tensor): Tensor {
  const keep = context.sideInput('padding')
  if (!keep) return keys
  const [batch, length] = keep.shape as [number, number]
  return where(reshape(keep, [batch, 1, length, 1]), keys, 0)
}

/** The sums over the keys up to each query: `[batch, heads, query, valueSize]`, and `[batch, heads, query, 1]`. */
function runningSums(
  context: AttentionContext,
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
): readonly [mixed: Tensor, total: Tensor] {
  const { queryStart, queryLength } = context
  const [batch, heads, length, size] = keys.shape as [number, number, number, number]
  const valueSize = values.shape[3]!
  const seen = (x: Tensor): Tensor =>
    slice(cumsum(x, { axis: 2 }), [{}, {}, { start: queryStart, size: queryLength }])
  const products = mul(
    reshape(keys, [batch, heads, length, size, 1]),
    reshape(values, [batch, heads, length, 1, valueSize]),
  )
  const rows = reshape(queries, [batch, heads, queryLength, 1, size])
  const mixed = reshape(matmul(rows, seen(products)), [batch, heads, queryLength, valueSize])
  return [mixed, sum(mul(queries, seen(keys)), { axis: 3, keepAxes: true })]
}
