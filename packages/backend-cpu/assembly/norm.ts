import { center, inverse, measureRow, measureSquares, residual } from './norm-statistics'
import { multiplyAdd } from './vector'

/** `(x - center) inverse weight + bias`; the addresses of weight and bias are 0 where there is none. */
function normalizeRow(target: usize, source: usize, weight: usize, bias: usize, width: i32): void {
  const centers = f32x4.splat(center)
  const shifts = f32x4.splat(-residual * inverse)
  const inverses = f32x4.splat(inverse)
  const end = source + ((<usize>width) << 2)
  const last = source + ((<usize>width >> 2) << 4)
  if (bias) {
    for (; source < last; source += 16) {
      const normalized = multiplyAdd(f32x4.sub(v128.load(source), centers), inverses, shifts)
      v128.store(target, multiplyAdd(normalized, v128.load(weight), v128.load(bias)))
      weight += 16
      bias += 16
      target += 16
    }
  } else {
    for (; source < last; source += 16) {
      let value = multiplyAdd(f32x4.sub(v128.load(source), centers), inverses, shifts)
      if (weight) {
        value = f32x4.mul(value, v128.load(weight))
        weight += 16
      }
      v128.store(target, value)
      target += 16
    }
  }
  for (; source < end; source += 4) {
    let value = (load<f32>(source) - center - residual) * inverse
    if (weight) {
      value *= load<f32>(weight)
      weight += 4
    }
    if (bias) {
      value += load<f32>(bias)
      bias += 4
    }
    store<f32>(target, value)
    target += 4
  }
}

// Units are rows.

export function layerNorm(
  first: i32,
  end: i32,
  target: usize,
  centers: usize,
  inverses: usize,
  source: usize,
  weight: usize,
  bias: usize,
  width: i32,
  epsilon: f64,
): void {
  const bytes = (<usize>width) << 2
  for (let row = <usize>first; row < <usize>end; ++row) {
    measureRow(source + row * bytes, width, epsilon)
    store<f32>(centers + (row << 2), center + residual)
    store<f32>(inverses + (row << 2), inverse)
    normalizeRow(target + row * bytes, source + row * bytes, weight, bias, width)
  }
}

export function rmsNorm(
  first: i32,
  end: i32,
  target: usize,
  inverses: usize,
  source: usize,
  weight: usize,
  width: i32,
  epsilon: f64,
): void {
  const bytes = (<usize>width) << 2
  for (let row = <usize>first; row < <usize>end; ++row) {
    measureSquares(source + row * bytes, width, epsilon)
    store<f32>(inverses + (row << 2), inverse)
    normalizeRow(target + row * bytes, source + row * bytes, weight, 0, width)
  }
}
