import { exponentiateRow, peakOf, sumAbove, sumOfExponentials } from './softmax'

// Units are rows.

/** From shifted logits, since the rounding of the log-sum-exp grows with the logits. */
export function crossEntropy(
  first: i32,
  end: i32,
  losses: usize,
  logSumExp: usize,
  logits: usize,
  targets: usize,
  classes: i32,
  ignored: i32,
  labelSmoothing: f64,
): void {
  for (let row = <usize>first; row < <usize>end; ++row) {
    const source = logits + ((row * <usize>classes) << 2)
    const target = load<i32>(targets + (row << 2))
    const peak = peakOf(source, classes)
    const logSum = Math.log(sumOfExponentials(source, classes, peak))
    store<f32>(logSumExp + (row << 2), <f32>(logSum + <f64>peak))
    let loss: f64 = 0
    if (target != ignored) {
      const logit = load<f32>(source + ((<usize>target) << 2))
      loss = logSum - (<f64>logit - <f64>peak)
      if (labelSmoothing != 0) {
        const mean = sumAbove(source, classes, peak) / <f64>classes
        loss = loss * (1 - labelSmoothing) + (logSum - mean) * labelSmoothing
      }
    }
    store<f32>(losses + (row << 2), <f32>loss)
  }
}

export function crossEntropyBackward(
  first: i32,
  end: i32,
  out: usize,
  logits: usize,
  targets: usize,
  logSumExp: usize,
  gradients: usize,
  classes: i32,
  ignored: i32,
  labelSmoothing: f64,
): void {
  const bytes = (<usize>classes) << 2
  const share = labelSmoothing / <f64>classes
  for (let row = <usize>first; row < <usize>end; ++row) {
    const target = load<i32>(targets + (row << 2))
    const result = out + row * bytes
    if (target == ignored) {
      memory.fill(result, 0, bytes)
      continue
    }
    const gradient = load<f32>(gradients + (row << 2))
    // The exponentials sum to 1 up to the rounding of the log-sum-exp: the division removes it.
    const total = exponentiateRow(result, logits + row * bytes, classes, load<f32>(logSumExp + (row << 2)))
    const place = result + ((<usize>target) << 2)
    const slope = <f64>load<f32>(place) / total - (1 - labelSmoothing + share)
    scaleAndShift(result, classes, <f32>(1 / total), <f32>share, gradient)
    store<f32>(place, <f32>(slope * <f64>gradient))
  }
}

/** `(x scale - share) gradient` */
function scaleAndShift(row: usize, width: i32, scale: f32, share: f32, gradient: f32): void {
  const scales = f32x4.splat(scale)
  const shares = f32x4.splat(share)
  const gradients = f32x4.splat(gradient)
  for (; width > 3; width -= 4) {
    v128.store(row, f32x4.mul(f32x4.sub(f32x4.mul(v128.load(row), scales), shares), gradients))
    row += 16
  }
  for (; width > 0; --width) {
    store<f32>(row, (load<f32>(row) * scale - share) * gradient)
    row += 4
  }
}
