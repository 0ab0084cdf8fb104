import {
  add,
  concat,
  div,
  equal,
  full,
  matmul,
  repeatKeyHeads,
  slice,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import type { AttentionPart } from '../part.ts'
import { firstRows, rowsBefore, withoutPadding } from './features.ts'
import { linearRecurrence } from './linear-recurrence.ts'

/**
 * Rows of features `[batch, heads, length, features]` from rows of queries or keys, the first of which is at position `start`.
 * None of them is negative, or their products are not.
 */
export type FeatureMap = (rows: Tensor, context: AttentionContext, start: number) => Tensor

/** Attention whose scores are products of features: sums over keys are made once, and not for each query. */
export type FeatureAttention = Required<Pick<AttentionPart, 'mix' | 'recur'>>

/** The `mix` and `recur` stages of a part with the given features; `epsilon` is added to the sum of the weights. */
export function featureAttention(
  featuresOf: { readonly query: FeatureMap; readonly key: FeatureMap },
  epsilon: number,
): FeatureAttention {
  const queriesOf = (context: AttentionContext, query: Tensor): Tensor =>
    featuresOf.query(query, context, context.queryStart)
  const keysOf = (context: AttentionContext, key: Tensor, heads: number): Tensor =>
    withoutPadding(context, repeatKeyHeads(featuresOf.key(key, context, context.keyStart), heads))
  return {
    recur(context, state, query, key, value) {
      const heads = query.shape[1]!
      const recurrence = linearRecurrence({
        query: queriesOf(context, query),
        key: keysOf(context, key, heads),
        value: withOnes(repeatKeyHeads(value, heads)),
        state: state?.[0],
      })
      return { output: normalized(recurrence.output, epsilon), state: [recurrence.state] }
    },
    mix(context, query, key, value) {
      const heads = query.shape[1]!
      const queries = queriesOf(context, query)
      const keys = keysOf(context, key, heads)
      const values = withOnes(repeatKeyHeads(value, heads))
      if (!context.causal) return normalized(matmul(queries, matmul(transpose(keys), values)), epsilon)
      // Keys of earlier positions are here again: their queries are not, and count for nothing.
      const { queryStart, queryLength } = context
      const { output } = linearRecurrence({
        query: rowsBefore(queries, queryStart),
        key: firstRows(keys, queryStart + queryLength),
        value: firstRows(values, queryStart + queryLength),
      })
      return normalized(slice(output, [{}, {}, { start: queryStart, size: queryLength }]), epsilon)
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
