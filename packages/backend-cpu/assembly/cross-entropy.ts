import { exponentiateRow, peakOf, sumAbove, sumOfExponentials } from './softmax'

/** From shifted logits, since the rounding of the log-sum-exp grows with the logits. */
export function crossEntropy(
  losses: usize,
  logSumExp: usize,
  logits: usize,
  targets: usize,
  rows: i32,
  classes: i32,
  ignored: i32,
  labelSmoothing: f64,
): void {
  for (; rows > 0; --rows) {
    const target = load<i32>(targets)
    const peak = peakOf(logits, classes)
    const logSum = Math.log(sumOfExponentials(logits, classes, peak))
    store<f32>(logSumExp, <f32>(logSum + <f64>peak))
    let loss: f64 = 0
    if (target != ignored) {
      const logit = load<f32>(logits + ((<usize>target) << 2))
      loss = logSum - (<f64>logit - <f64>peak)
      if (labelSmoothing != 0) {
        const mean = sumAbove(logits, classes, peak) / <f64>classes
        loss = loss * (1 - labelSmoothing) + (logSum - mean) * labelSmoothing
      }
    }
    store<f32>(losses, <f32>loss)
    losses += 4
    logSumExp += 4
    targets += 4
    logits += (<usize>classes) << 2
  }
}

export function crossEntropyBackward(
  out: usize,
  logits: usize,
  targets: usize,
  logSumExp: usize,
  gradients: usize,
  rows: i32,
  classes: i32,
  ignored: i32,
  labelSmoothing: f64,
): void {
  const bytes = (<usize>classes) << 2
  const share = labelSmoothing / <f64>classes
  for (; rows > 0; --rows) {
    const target = load<i32>(targets)
    if (target == ignored) memory.fill(out, 0, bytes)
    else {
      const gradient = load<f32>(gradients)
      // The exponentials sum to 1 up to the rounding of the log-sum-exp: the division removes it.
      const total = exponentiateRow(out, logits, classes, load<f32>(logSumExp))
      const place = out + ((<usize>target) << 2)
      const slope = <f64>load<f32>(place) / total - (1 - labelSmoothing + share)
      scaleAndShift(out, classes, <f32>(1 / total), <f32>share, gradient)
      store<f32>(place, <f32>(slope * <f64>gradient))
    }
    logSumExp += 4
    gradients += 4
    targets += 4
    logits += bytes
    out += bytes
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
