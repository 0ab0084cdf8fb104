import { add, cumsum, exp, iota, less, logSigmoid, neg, pad, slice, type Tensor, where } from '@qkv/tensor'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

export interface StickBreakingOptions {
  /** Whether a query may attend to the key of its own position; false unless said, as in the paper. */
  readonly attendCurrent?: boolean
}

/**
 * From the nearest key back, each takes the sigmoid of its score as a share of what the nearer ones have left: the nearer of two good
 * keys wins, without position embeddings. A query only attends to earlier keys, with or without `causal`; the first
 * gives zeros. What is left over goes nowhere. Computed in logarithms.
 *
 * @example
 * compose([scaledDot(), stickBreaking(), causal()])
 */
export function stickBreaking(options: StickBreakingOptions = {}): AttentionPart {
  const { attendCurrent = false } = options
  return {
    name: 'stick-breaking',
    source:
      'Tan et al. 2024, Scaling Stick-Breaking Attention: An Efficient Implementation and In-depth Study (arXiv 2410.17980)',
    about: {
      year: 2024,
      formula: 'A_ij = β_ij · Π over j < k < i of (1 - β_ik), β = sigmoid(S)',
      use: 'Language models that prefer the recent, and longer texts than those of training.',
    },
    options,
    positional: true,
    hidesFuture: true,
    // A mask of its own, and no rule of `normalize`, so that parts that select keys do so among the earlier ones.
    mask: (context) => (attendCurrent ? { kind: 'causal' } : { kind: 'tensor', keep: earlierKeys(context) }),
    normalize(_, scores, keep) {
      const kept = (x: Tensor, otherwise: number): Tensor => (keep ? where(keep, x, otherwise) : x)
      const safe = kept(scores, 0)
      const share = logSigmoid(safe)
      // What a key leaves to those before it; keys that are masked out take nothing.
      const left = kept(logSigmoid(neg(safe)), 0)
      return exp(kept(add(share, nearerKeys(left)), -Infinity))
    },
  }
}

/** The sum over all later keys, without the key itself: subtracting it from a sum would cancel. */
function nearerKeys(left: Tensor): Tensor {
  const none = left.shape.map(() => 0)
  const next = slice(left, [{}, {}, {}, { start: 1, size: left.shape[3]! - 1 }])
  return cumsum(pad(next, { before: none, after: none.with(3, 1) }), { axis: 3, reverse: true })
}

/** `bool` `[query, key]` */
function earlierKeys({ device, queryStart, queryLength, keyLength }: AttentionContext): Tensor {
  const queries = iota(device, [queryLength, 1], { axis: 0, start: queryStart })
  return less(iota(device, [1, keyLength], { axis: 1 }), queries)
}
