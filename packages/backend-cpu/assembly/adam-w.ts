import { multiplyAdd } from './vector'

/** The elements of a unit, and the bytes of a row of the table. */
const piece: i32 = 1024
const rowBytes: usize = 40

/**
 * One step of AdamW for all parameters; what it writes may be what it reads. The table has a row for each parameter: the number of
 * the unit after its last one, its size, what is kept of it, and the addresses of its next value and moments, of its value, its
 * gradient and its moments. Units are pieces of 1024 elements of one parameter.
 */
export function adamW(
  first: i32,
  end: i32,
  table: usize,
  beta1: f32,
  share1: f32,
  beta2: f32,
  share2: f32,
  epsilon: f32,
  rate: f32,
  deviationScale: f32,
): void {
  let row = table
  let before = 0
  for (let unit = first; unit < end; ) {
    while (load<i32>(row) <= unit) {
      before = load<i32>(row)
      row += rowBytes
    }
    const last = min(end, load<i32>(row))
    const start = (unit - before) * piece
    const size = min((last - before) * piece, load<i32>(row, 4)) - start
    updateAll(row, (<usize>start) << 2, size, beta1, share1, beta2, share2, epsilon, rate, deviationScale)
    unit = last
  }
}

function updateAll(
  row: usize,
  start: usize,
  size: i32,
  beta1: f32,
  share1: f32,
  beta2: f32,
  share2: f32,
  epsilon: f32,
  rate: f32,
  deviationScale: f32,
): void {
  const keeps = v128.load32_splat(row, 8)
  const valueTarget = load<usize>(row, 12)
  const firstTarget = load<usize>(row, 16)
  const secondTarget = load<usize>(row, 20)
  const value = load<usize>(row, 24)
  const gradient = load<usize>(row, 28)
  const first = load<usize>(row, 32)
  const second = load<usize>(row, 36)
  const rates = f32x4.splat(rate)
  const epsilons = f32x4.splat(epsilon)
  const scales = f32x4.splat(deviationScale)
  const end = start + ((<usize>size) << 2)
  // Whole vectors, up to past the end: each is a buffer of its own.
  for (let place = start; place < end; place += 16) {
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
