import { tanhOf } from '../activations'
import { largestLane } from '../vector'

/** Turns products into scores, in place, and returns the largest. The addresses of bias and mask are 0 where there is none. */
export function scoreRow(
  row: usize,
  width: i32,
  scale: f32,
  softcap: f32,
  bias: usize,
  biasStep: usize,
  keep: usize,
): f32 {
  const scales = f32x4.splat(scale)
  let peaks = f32x4.splat(-Infinity)
  let column = 0
  for (; column + 4 <= width; column += 4) {
    const place = row + ((<usize>column) << 2)
    let score = f32x4.mul(v128.load(place), scales)
    if (softcap > 0) score = capped(score, softcap)
    if (bias) {
      const from = bias + <usize>column * biasStep
      const added =
        biasStep == 4
          ? v128.load(from)
          : f32x4(
              load<f32>(from),
              load<f32>(from + biasStep),
              load<f32>(from + 2 * biasStep),
              load<f32>(from + 3 * biasStep),
            )
      score = f32x4.add(score, added)
    }
    if (keep) {
      const kept = i32x4.gt_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(keep + <usize>column))), i32x4.splat(0))
      score = v128.bitselect(score, f32x4.splat(-Infinity), kept)
    }
    v128.store(place, score)
    peaks = f32x4.pmax(peaks, score)
  }
  for (; column < width; ++column) {
    const place = row + ((<usize>column) << 2)
    let score = f32x4.mul(v128.load32_splat(place), scales)
    if (softcap > 0) score = capped(score, softcap)
    if (bias) score = f32x4.add(score, v128.load32_splat(bias + <usize>column * biasStep))
    if (keep && load<u8>(keep + <usize>column) == 0) score = f32x4.splat(-Infinity)
    v128.store_lane<f32>(place, score, 0)
    peaks = f32x4.pmax(peaks, score)
  }
  return largestLane(peaks)
}

/** `softcap tanh(score / softcap)` in each lane. */
@inline
export function capped(score: v128, softcap: f32): v128 {
  const caps = f32x4.splat(softcap)
  return f32x4.mul(tanhOf(f32x4.div(score, caps)), caps)
}
