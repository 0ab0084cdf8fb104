import type { CompositeOp } from '../../op.ts'
import type { Tensor } from '../../tensor.ts'
import { add } from '../add.ts'
import { sumTo } from '../broadcast-to.ts'
import { div } from '../div.ts'
import { dropout } from '../dropout.ts'
import { equal } from '../equal.ts'
import { exp } from '../exp.ts'
import { matmul } from '../matmul.ts'
import { mul } from '../mul.ts'
import { neg } from '../neg.ts'
import { reciprocal } from '../reciprocal.ts'
import { reshape } from '../reshape.ts'
import { sub } from '../sub.ts'
import { sum } from '../sum.ts'
import { transpose } from '../transpose.ts'
import { where } from '../where.ts'
import { type AttentionAttrs, attentionInputs } from './arguments.ts'
import { cappedScores, keepTensor, repeatKeyHeads } from './scores.ts'

export interface AttentionBackwardAttrs extends AttentionAttrs {
  readonly needsBias: boolean
}

/**
 * Inputs: those of `attention`, then its log-sum-exp `[batch, heads, query]`, the gradient of its output, and
 * `delta` `[batch, heads, query]`: the row sums of gradient times output, less the gradient of the log-sum-exp.
 * Outputs: the gradients of query, key and value, of the bias if `needsBias`, and of the sinks if there are any.
 */
export const attentionBackwardOp: CompositeOp<AttentionBackwardAttrs> = {
  name: 'qkv/attentionBackward',
  kind: 'composite',
  source: 'Dao et al. 2022, FlashAttention, appendix B.2',
  infer(specs, attrs) {
    const { query, key, value, bias, sinks } = attentionInputs(specs, attrs)
    return [query, key, value, ...(attrs.needsBias ? [bias!] : []), ...(sinks ? [sinks] : [])].map(
      ({ shape }) => ({
        shape,
        dtype: 'float32',
      }),
    )
  },
  decompose(tensors, attrs, scalars) {
    const inputs = attentionInputs(tensors, attrs)
    const { query, key, value, bias, sinks, rest } = inputs
    const [logSumExp, gradient, delta] = rest.map((tensor) =>
      tensor.rank === 3 ? reshape(tensor, [...tensor.shape, 1]) : tensor,
    ) as [Tensor, Tensor, Tensor]
    const heads = query.shape[1]!
    const drop = (x: Tensor): Tensor =>
      dropout(x, { rate: attrs.dropoutRate, key: [scalars[1]!, scalars[2]!] })

    const capped = cappedScores(inputs, attrs)
    const scores = bias ? add(capped, bias) : capped
    const normalizer = where(equal(logSumExp, -Infinity), 0, logSumExp)
    const keep = keepTensor(inputs, attrs, scalars[0]!)
    // Masked scores may be anything: they are replaced before the exponential, which could overflow.
    const exponentials = exp(sub(keep ? where(keep, scores, -Infinity) : scores, normalizer))
    const sinkExponentials = sinks && exp(sub(reshape(sinks, [1, heads, 1, 1]), normalizer))
    // The rounding of a large log-sum-exp is a common factor of all weights: their own sum takes it out.
    const keys = sum(exponentials, { axis: -1, keepAxes: true })
    const total = sinkExponentials ? add(keys, sinkExponentials) : keys
    const factor = reciprocal(where(equal(total, 0), 1, total))
    const weights = mul(exponentials, factor)
    const sinkWeights = sinkExponentials && mul(sinkExponentials, factor)

    const valueGradient = matmul(transpose(drop(weights)), gradient)
    const weightGradient = drop(matmul(gradient, transpose(repeatKeyHeads(value, heads))))
    const scoreGradient = mul(weights, sub(weightGradient, delta))
    const { softcap, scale } = attrs
    const slope = softcap === null ? undefined : sub(1, mul(div(capped, softcap), div(capped, softcap)))
    const productGradient = mul(slope ? mul(scoreGradient, slope) : scoreGradient, scale)

    return [
      matmul(productGradient, repeatKeyHeads(key, heads)),
      sumGroups(matmul(transpose(productGradient), query), key.shape),
      sumGroups(valueGradient, value.shape),
      ...(attrs.needsBias ? [sumTo(scoreGradient, bias!.shape)] : []),
      ...(sinkWeights ? [reshape(neg(sum(mul(sinkWeights, delta), { axis: [0, 2, 3] })), sinks.shape)] : []),
    ]
  },
  samples: [],
}

/** Adds up the gradients of the query heads that share a key head. */
function sumGroups(gradient: Tensor, shape: readonly number[]): Tensor {
  const [batch, keyHeads, length, size] = shape as [number, number, number, number]
  const heads = gradient.shape[1]!
  if (heads === keyHeads) return gradient
  return sum(reshape(gradient, [batch, keyHeads, heads / keyHeads, length, size]), { axis: 2 })
}
