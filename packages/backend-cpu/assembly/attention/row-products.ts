import { multiplyAdd } from '../vector'

/** The products of a query with `width` keys, and up to three more numbers. */
export function multiplyByKeys(
  target: usize,
  width: i32,
  size: i32,
  query: usize,
  queryColumn: usize,
  keys: usize,
  keyRow: usize,
): void {
  const whole = queryColumn == 4 ? size & ~7 : 0
  for (let index = 0; index < width; index += 4) {
    const last = width - 1 - index
    let a = keys
    let b = keys + <usize>min(1, last) * keyRow
    let c = keys + <usize>min(2, last) * keyRow
    let d = keys + <usize>min(3, last) * keyRow
    keys += keyRow << 2
    let sumA = i32x4.splat(0)
    let sumB = sumA
    let sumC = sumA
    let sumD = sumA
    let from = query
    let place = 0
    for (; place < whole; place += 8) {
      const values = v128.load(from)
      sumA = multiplyAdd(v128.load(a), values, sumA)
      sumB = multiplyAdd(v128.load(b), values, sumB)
      sumC = multiplyAdd(v128.load(c), values, sumC)
      sumD = multiplyAdd(v128.load(d), values, sumD)
      const further = v128.load(from, 16)
      sumA = multiplyAdd(v128.load(a, 16), further, sumA)
      sumB = multiplyAdd(v128.load(b, 16), further, sumB)
      sumC = multiplyAdd(v128.load(c, 16), further, sumC)
      sumD = multiplyAdd(v128.load(d, 16), further, sumD)
      from += 32
      a += 32
      b += 32
      c += 32
      d += 32
    }
    // Transposed, the four vectors add up to the four sums.
    const lowAB = f32x4.add(v128.shuffle<f32>(sumA, sumB, 0, 4, 1, 5), v128.shuffle<f32>(sumA, sumB, 2, 6, 3, 7))
    const lowCD = f32x4.add(v128.shuffle<f32>(sumC, sumD, 0, 4, 1, 5), v128.shuffle<f32>(sumC, sumD, 2, 6, 3, 7))
    let sums = f32x4.add(v128.shuffle<f64>(lowAB, lowCD, 0, 2), v128.shuffle<f64>(lowAB, lowCD, 1, 3))
    for (; place < size; ++place) {
      const column = f32x4(load<f32>(a), load<f32>(b), load<f32>(c), load<f32>(d))
      sums = multiplyAdd(v128.load32_splat(from), column, sums)
      from += queryColumn
      a += 4
      b += 4
      c += 4
      d += 4
    }
    v128.store(target, sums)
    target += 16
  }
}

/** Adds the values, each times its weight and `share`, to the target. */
export function addValues(
  target: usize,
  size: i32,
  weights: usize,
  width: i32,
  values: usize,
  row: usize,
  share: f32,
): void {
  let column = 0
  for (; column + 16 <= size; column += 16) {
    const place = (<usize>column) << 2
    sumColumns(true, target + place, weights, width, values + place, row, share)
  }
  for (; column + 4 <= size; column += 4) {
    const place = (<usize>column) << 2
    sumColumns(false, target + place, weights, width, values + place, row, share)
  }
  for (; column < size; ++column) {
    let from = values + ((<usize>column) << 2)
    let sum: f32 = 0
    for (let index: usize = 0; index < <usize>width; ++index) {
      sum += load<f32>(weights + (index << 2)) * load<f32>(from)
      from += row
    }
    const place = target + ((<usize>column) << 2)
    store<f32>(place, load<f32>(place) + sum * share)
  }
}

/**
 * Four vectors of columns or one, which is a constant where it is called. Two keys at a time, so that a sum waits for one addition
 * only; more sums would not fit the registers, since V8 loads all values first.
 */
@inline
function sumColumns(
  four: bool,
  target: usize,
  weights: usize,
  width: i32,
  values: usize,
  row: usize,
  share: f32,
): void {
  let sum0 = i32x4.splat(0)
  let sum1 = sum0
  let sum2 = sum0
  let sum3 = sum0
  let left = width
  for (; left > 1; left -= 2) {
    const weight = v128.load32_splat(weights)
    const nextWeight = v128.load32_splat(weights, 4)
    const next = values + row
    sum0 = addTwo(sum0, v128.load(values), weight, v128.load(next), nextWeight)
    if (four) {
      sum1 = addTwo(sum1, v128.load(values, 16), weight, v128.load(next, 16), nextWeight)
      sum2 = addTwo(sum2, v128.load(values, 32), weight, v128.load(next, 32), nextWeight)
      sum3 = addTwo(sum3, v128.load(values, 48), weight, v128.load(next, 48), nextWeight)
    }
    weights += 8
    values = next + row
  }
  if (left) {
    const weight = v128.load32_splat(weights)
    sum0 = multiplyAdd(v128.load(values), weight, sum0)
    if (four) {
      sum1 = multiplyAdd(v128.load(values, 16), weight, sum1)
      sum2 = multiplyAdd(v128.load(values, 32), weight, sum2)
      sum3 = multiplyAdd(v128.load(values, 48), weight, sum3)
    }
  }
  const shares = f32x4.splat(share)
  v128.store(target, multiplyAdd(sum0, shares, v128.load(target)))
  if (four) {
    v128.store(target, multiplyAdd(sum1, shares, v128.load(target, 16)), 16)
    v128.store(target, multiplyAdd(sum2, shares, v128.load(target, 32)), 32)
    v128.store(target, multiplyAdd(sum3, shares, v128.load(target, 48)), 48)
  }
}

@inline
function addTwo(sum: v128, a: v128, x: v128, b: v128, y: v128): v128 {
  return f32x4.add(sum, multiplyAdd(b, y, f32x4.mul(a, x)))
}
