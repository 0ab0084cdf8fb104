import { torch } from 'js-pytorch'

const epsilon = 1e-5

/** Along the last axis; the library's own layer adds nothing to the variance. */
export function layerNorm(x, weight, bias) {
  // Means and variances lose the axis that they are asked to keep, and would broadcast along another one.
  const spread = (statistic) => torch.broadcast(statistic.reshape([...x.shape.slice(0, -1), 1]), x)
  const centered = x.sub(spread(x.mean(-1, true)))
  const deviation = torch.sqrt(x.variance(-1, true).add(epsilon))
  return centered.div(spread(deviation)).mul(weight).add(bias)
}

const twiceRoot = 2 * Math.sqrt(2 / Math.PI)

/** The tanh form without tanh, which the library does not have: x / (1 + exp(-2z)). */
export function gelu(x) {
  const inner = x.mul(
    x
      .mul(x)
      .mul(-0.044715 * twiceRoot)
      .add(-twiceRoot),
  )
  return x.div(torch.exp(inner).add(1))
}
