import {
  add,
  cumsum,
  div,
  greater,
  iota,
  max,
  maximum,
  mul,
  pow,
  sort,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from '@qkv/tensor'

/** Halvings of an interval of length 1: float32 has 24 digits, and a Newton step doubles them. */
const bisections = 30

/**
 * α-entmax over the kept keys: `[(α - 1) S - τ]₊` to the power of `1 / (α - 1)`, with the threshold τ that makes the sum one.
 * τ comes by sorting for α of 1.5 and 2, else by bisection; one Newton step from there gives it the gradient of the implicit
 * function.
 *
 * Source: Peters et al. 2019, Sparse Sequence-to-Sequence Models (arXiv 1905.05702).
 */
export function entmaxWeights(scores: Tensor, keep: Tensor | undefined, alpha: number): Tensor {
  const masked = keep ? where(keep, scores, -Infinity) : scores
  const peak = stopGradient(max(masked, { axis: -1, keepAxes: true }))
  const shifted = mul(sub(scores, where(greater(peak, -Infinity), peak, 0)), alpha - 1)
  // The threshold lies between -1 and 0: what is below stays out, and needs no infinity.
  const bounded = maximum(keep ? where(keep, shifted, -2) : shifted, -2)
  const constant = stopGradient(bounded)
  const exponent = 1 / (alpha - 1)
  const start =
    alpha === 2
      ? sparsemaxThreshold(constant)
      : alpha === 1.5
        ? halfThreshold(constant)
        : bisectedThreshold(constant, exponent)
  const slopes = mul(positivePower(sub(constant, start), exponent - 1), exponent)
  const excess = sub(total(positivePower(sub(bounded, start), exponent)), 1)
  const threshold = add(start, div(excess, total(slopes)))
  const weights = positivePower(sub(bounded, threshold), exponent)
  return keep ? where(keep, weights, 0) : weights
}

function total(x: Tensor): Tensor {
  return sum(x, { axis: -1, keepAxes: true })
}

/** `x` to a power where it is positive, else 0; with no infinite slope at 0. */
function positivePower(x: Tensor, exponent: number): Tensor {
  const positive = greater(x, 0)
  if (exponent === 1) return where(positive, x, 0)
  return where(positive, pow(where(positive, x, 1), exponent), 0)
}

/** Martins and Astudillo 2016, algorithm 1. */
function sparsemaxThreshold(x: Tensor): Tensor {
  const sorted = sort(x, { descending: true }).values
  const count = counting(sorted)
  const thresholds = div(sub(cumsum(sorted), 1), count)
  return atSupport(sorted, thresholds)
}

/** Peters et al. 2019, for α = 1.5: the root of a quadratic equation for each size of the support. */
function halfThreshold(x: Tensor): Tensor {
  const sorted = sort(x, { descending: true }).values
  const count = counting(sorted)
  const center = div(cumsum(sorted), count)
  const spread = sub(div(cumsum(square(sorted)), count), square(center))
  const thresholds = sub(center, sqrt(maximum(sub(div(1, count), spread), 0)))
  return atSupport(sorted, thresholds)
}

function counting(sorted: Tensor): Tensor {
  return iota(sorted.device, [sorted.shape.at(-1)!], { start: 1, dtype: 'float32' })
}

/** The threshold of the largest support whose elements all lie above it: thresholds grow up to that one. */
function atSupport(sorted: Tensor, thresholds: Tensor): Tensor {
  const inside = greater(sorted, thresholds)
  return max(where(inside, thresholds, -Infinity), { axis: -1, keepAxes: true })
}

function bisectedThreshold(x: Tensor, exponent: number): Tensor {
  let low = sub(max(x, { axis: -1, keepAxes: true }), 1)
  let width = 1
  for (let step = 0; step < bisections; step++) {
    width /= 2
    const middle = add(low, width)
    const tooLow = greater(total(positivePower(sub(x, middle), exponent)), 1)
    low = where(tooLow, middle, low)
  }
  return low
}
