import { multiplyAdd } from './vector'

/** One step of AdamW; what it writes may be what it reads. */
export function adamW(
  valueTarget: usize,
  firstTarget: usize,
  secondTarget: usize,
  value: usize,
  gradient: usize,
  first: usize,
  second: usize,
  size: i32,
  beta1: f32,
  share1: f32,
  beta2: f32,
  share2: f32,
  epsilon: f32,
  keep: f32,
  rate: f32,
  deviationScale: f32,
): void {
  const keeps = f32x4.splat(keep)
  const rates = f32x4.splat(rate)
  const epsilons = f32x4.splat(epsilon)
  const scales = f32x4.splat(deviationScale)
  const end = (<usize>size) << 2
  // Whole vectors, up to past the end: each is a buffer of its own.
  for (let place: usize = 0; place < end; place += 16) {
    const slope = v128.load(gradient + place)
    const mean = multiplyAdd(v128.load(first + place), f32x4.splat(beta1), f32x4.mul(slope, f32x4.splat(share1)))
    const square = multiplyAdd(
      v128.load(second + place),
      f32x4.splat(beta2),
      f32x4.mul(f32x4.mul(slope, f32x4.splat(share2)), slope),
    )
    v128.store(firstTarget + place, mean)
    v128.store(secondTarget + place, square)
    const deviation = multiplyAdd(f32x4.sqrt(square), scales, epsilons)
    const step = f32x4.div(f32x4.mul(mean, rates), deviation)
    v128.store(valueTarget + place, f32x4.sub(f32x4.mul(v128.load(value + place), keeps), step))
  }
}
