import { add, div, equal, exp, logicalAnd, max, reshape, sub, sum, type Tensor, where } from '@qkv/tensor'
import { checkOptions, numberFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

export interface SlotOptions {
  /** Added to each weight before they are divided by their sum; 1e-8 unless said. */
  readonly epsilon?: number
}

/**
 * Softmax over the queries, so that they compete for each key, then each query's weights over their sum: the output is a mean of
 * the values that it won. In self-attention `padding` takes its positions out of the competition as queries too.
 *
 * @example
 * compose([scaledDot(), slot(), padding()])
 */
export function slot(options: SlotOptions = {}): AttentionPart {
  const { epsilon = 1e-8 } = options
  checkOptions('slot', { epsilon }, numberFrom(0))
  return {
    name: 'slot',
    source: 'Locatello et al. 2020, Object-Centric Learning with Slot Attention (arXiv 2006.15055)',
    about: {
      year: 2020,
      formula: 'A_ij = B_ij / Σ_l B_il, B_ij = exp(S_ij) / Σ_l exp(S_lj) + ε',
      use: 'Few queries that share out the parts of an input among themselves, such as the objects of a picture.',
    },
    options,
    cacheable: false,
    excludes: { causal: 'its queries compete, and each sees all others' },
    normalize(context, scores, keep) {
      const kept = withoutPaddedQueries(context, keep)
      const masked = kept ? where(kept, scores, -Infinity) : scores
      const peak = max(masked, { axis: -2, keepAxes: true })
      const exponentials = exp(sub(masked, where(equal(peak, -Infinity), 0, peak)))
      const shares = add(overSum(exponentials, -2), epsilon)
      return overSum(kept ? where(kept, shares, 0) : shares, -1)
    },
  }
}

function overSum(x: Tensor, axis: number): Tensor {
  const total = sum(x, { axis, keepAxes: true })
  return div(x, where(equal(total, 0), 1, total))
}

function withoutPaddedQueries(context: AttentionContext, keep: Tensor | undefined): Tensor | undefined {
  const real = context.queryInput === context.keyInput ? context.sideInput('padding') : undefined
  if (!real || !keep) return keep
  const [batch, length] = real.shape as [number, number]
  return logicalAnd(keep, reshape(real, [batch, 1, length, 1]))
}
