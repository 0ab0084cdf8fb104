import { BackwardPlan, laneBytes, panelBytes } from './plan'

/**
 * Turns a panel of the gradients of weights into those of scores, `weights (gradients - delta)` times `scale`, and divides the weights
 * by their sums. Both panels have whole blocks of lanes as rows. Where there are random words, gradients and weights are dropped.
 */
export function weightGradients(
  plan: BackwardPlan,
  weights: usize,
  gradients: usize,
  rows: i32,
  place: usize,
  words: usize,
  scale: f32,
): void {
  const factor0 = v128.load(plan.factors + place)
  const factor1 = v128.load(plan.factors + place, 16)
  const delta0 = v128.load(plan.deltas + place)
  const delta1 = v128.load(plan.deltas + place, 16)
  const scales = f32x4.splat(scale)
  const bounds = i32x4.splat(plan.dropBound)
  const dropScales = f32x4.splat(plan.dropScale)
  for (; rows > 0; --rows) {
    let weight0 = f32x4.mul(v128.load(weights), factor0)
    let weight1 = f32x4.mul(v128.load(weights, 16), factor1)
    let gradient0 = v128.load(gradients)
    let gradient1 = v128.load(gradients, 16)
    let kept0 = weight0
    let kept1 = weight1
    if (words) {
      const dropped0 = i32x4.lt_s(v128.load(words), bounds)
      const dropped1 = i32x4.lt_s(v128.load(words, 16), bounds)
      gradient0 = v128.andnot(f32x4.mul(gradient0, dropScales), dropped0)
      gradient1 = v128.andnot(f32x4.mul(gradient1, dropScales), dropped1)
      kept0 = v128.andnot(f32x4.mul(weight0, dropScales), dropped0)
      kept1 = v128.andnot(f32x4.mul(weight1, dropScales), dropped1)
      words += panelBytes
    }
    v128.store(weights, kept0)
    v128.store(weights, kept1, 16)
    v128.store(gradients, f32x4.mul(f32x4.mul(weight0, scales), f32x4.sub(gradient0, delta0)))
    v128.store(gradients, f32x4.mul(f32x4.mul(weight1, scales), f32x4.sub(gradient1, delta1)), 16)
    weights += laneBytes
    gradients += laneBytes
  }
}

/** Gradients of capped scores become those of products. The slopes' address is 0 where there is no cap. */
export function scaleBySlopes(gradients: usize, rows: i32, slopes: usize, scale: f32): void {
  const scales = f32x4.splat(scale)
  for (; rows > 0; --rows) {
    let a = scales
    let b = scales
    if (slopes) {
      a = f32x4.mul(a, v128.load(slopes))
      b = f32x4.mul(b, v128.load(slopes, 16))
      slopes += laneBytes
    }
    v128.store(gradients, f32x4.mul(v128.load(gradients), a))
    v128.store(gradients, f32x4.mul(v128.load(gradients, 16), b), 16)
    gradients += laneBytes
  }
}
