import {
  add,
  div,
  equal,
  full,
  concat,
  matmul,
  repeatKeyHeads,
  slice,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import type { Recurrence } from '../part.ts'
import { withoutPadding } from './features.ts'
import { linearRecurrence } from './linear-recurrence.ts'

/** Rows of features `[batch, heads, length, features]` from rows of queries or keys, none of them negative. */
export type FeatureMap = (rows: Tensor) => Tensor

/** Attention whose scores are products of features: sums over keys are made once, and not for each query. */
export interface FeatureAttention {
  mix(context: AttentionContext, query: Tensor, key: Tensor, value: Tensor): Tensor
  recur(
    context: AttentionContext,
    state: readonly Tensor[] | undefined,
    query: Tensor,
    key: Tensor,
    value: Tensor,
  ): Recurrence
}

/** The `mix` and `recur` stages of a part with the given features; `epsilon` is added to the sum of the weights. */
export function featureAttention(
  featuresOf: { readonly query: FeatureMap; readonly key: FeatureMap },
  epsilon: number,
): FeatureAttention {
  const recur: FeatureAttention['recur'] = (context, state, query, key, value) => {
    const heads = query.shape[1]!
    const keys = withoutPadding(context, repeatKeyHeads(featuresOf.key(key), heads))
    const recurrence = linearRecurrence({
      query: featuresOf.query(query),
      key: keys,
      value: withOnes(repeatKeyHeads(value, heads)),
      state: state?.[0],
    })
    return { output: normalized(recurrence.output, epsilon), state: [recurrence.state] }
  }
  return {
    recur,
    mix(context, query, key, value) {
      if (context.causal) {
        // Keys of earlier positions are here again: their queries are not, and count for nothing.
        const { queryStart, queryLength } = context
        const output = recur(context, undefined, padRows(query, queryStart), key, value).output
        return queryStart === 0 ? output : slice(output, [{}, {}, { start: queryStart, size: queryLength }])
      }
      const heads = query.shape[1]!
      const keys = withoutPadding(context, repeatKeyHeads(featuresOf.key(key), heads))
      const sums = matmul(transpose(keys), withOnes(repeatKeyHeads(value, heads)))
      return normalized(matmul(featuresOf.query(query), sums), epsilon)
    },
  }
}

/** One more column of ones, whose sum is that of the weights. */
function withOnes(value: Tensor): Tensor {
  const [batch, heads, length] = value.shape as [number, number, number]
  return concat([value, full(value.device, [batch, heads, length, 1], 1)], { axis: 3 })
}

/** A query without keys has no mixture: zeros, whatever `epsilon` is. */
function normalized(mixed: Tensor, epsilon: number): Tensor {
  const size = mixed.shape[3]! - 1
  const values = slice(mixed, [{}, {}, {}, { size }])
  const total = slice(mixed, [{}, {}, {}, { start: size, size: 1 }])
  return div(values, add(where(equal(total, 0), 1, total), epsilon))
}

function padRows(query: Tensor, before: number): Tensor {
  if (before === 0) return query
  const [batch, heads, , size] = query.shape as [number, number, number, number]
  return concat([full(query.device, [batch, heads, before, size], 0), query], { axis: 2 })
}
