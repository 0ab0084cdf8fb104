import { center, inverse, measureRow, measureSquares, residual } from './norm-statistics'

/** `(x - center) inverse weight + bias`; the addresses of weight and bias are 0 where there is none. */
function normalizeRow(target: usize, source: usize, weight: usize, bias: usize, width: i32): void {
  const centers = f32x4.splat(center)
  const residuals = f32x4.splat(residual)
  const inverses = f32x4.splat(inverse)
  const end = (<usize>width) << 2
  let place: usize = 0
  for (; place + 16 <= end; place += 16) {
    const above = f32x4.sub(f32x4.sub(v128.load(source + place), centers), residuals)
    let value = f32x4.mul(above, inverses)
    if (weight) value = f32x4.mul(value, v128.load(weight + place))
    if (bias) value = f32x4.add(value, v128.load(bias + place))
    v128.store(target + place, value)
  }
  for (; place < end; place += 4) {
    let value = (load<f32>(source + place) - center - residual) * inverse
    if (weight) value *= load<f32>(weight + place)
    if (bias) value += load<f32>(bias + place)
    store<f32>(target + place, value)
  }
}

export function layerNorm(
  target: usize,
  centers: usize,
  inverses: usize,
  source: usize,
  weight: usize,
  bias: usize,
  rows: i32,
  width: i32,
  epsilon: f64,
): void {
  for (; rows > 0; --rows) {
    measureRow(source, width, epsilon)
    store<f32>(centers, center + residual)
    store<f32>(inverses, inverse)
    normalizeRow(target, source, weight, bias, width)
    centers += 4
    inverses += 4
    source += (<usize>width) << 2
    target += (<usize>width) << 2
  }
}

export function rmsNorm(
  target: usize,
  inverses: usize,
  source: usize,
  weight: usize,
  rows: i32,
  width: i32,
  epsilon: f64,
): void {
  for (; rows > 0; --rows) {
    measureSquares(source, width, epsilon)
    store<f32>(inverses, inverse)
    normalizeRow(target, source, weight, 0, width)
    inverses += 4
    source += (<usize>width) << 2
    target += (<usize>width) << 2
  }
}
