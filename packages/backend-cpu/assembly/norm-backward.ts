import { multiplyAdd, sumOfLanes } from './vector'

/** Rows whose gradients of weight and bias are added as float32, before their sums go on as doubles. */
const block: i32 = 32

/**
 * The gradients of a normalisation. Units are stretches of so many rows. `centers` is 0 for one without a center. Each stretch has
 * its own sums for weight and bias in `totals`: doubles `[2, width]`, and then room for as many float32 numbers. The address of
 * `weight` is 0 where there is none, and then nothing is added up.
 */
export function normBackward(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  centers: usize,
  inverses: usize,
  gradient: usize,
  weight: usize,
  totals: usize,
  stretch: i32,
  rows: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2
  for (let unit = first; unit < end; ++unit) {
    const sums = totals + <usize>unit * 6 * bytes
    const partial = sums + 4 * bytes
    if (weight) memory.fill(sums, 0, 6 * bytes)
    const start = unit * stretch
    const last = min(rows, start + stretch)
    for (let row = start; row < last; ++row) {
      const center = centers ? load<f32>(centers + ((<usize>row) << 2)) : 0
      const inverse = load<f32>(inverses + ((<usize>row) << 2))
      const place = <usize>row * bytes
      propagateRow(
        target + place,
        source + place,
        gradient + place,
        weight,
        partial,
        width,
        center,
        inverse,
        centers != 0,
      )
      if (weight && ((row - start) % block == block - 1 || row == last - 1)) moveTotals(sums, partial, 2 * width)
    }
  }
}

/** The sums of all stretches, in their order, as float32 numbers. Units are columns. */
export function addStretches(first: i32, end: i32, target: usize, totals: usize, stretches: i32, bytes: usize): void {
  for (let column = <usize>first; column < <usize>end; ++column) {
    let total: f64 = 0
    let place = totals + (column << 3)
    for (let count = stretches; count > 0; --count) {
      total += load<f64>(place)
      place += bytes
    }
    store<f32>(target + (column << 2), <f32>total)
  }
}

function propagateRow(
  target: usize,
  source: usize,
  gradient: usize,
  weight: usize,
  partial: usize,
  width: i32,
  center: f32,
  inverse: f32,
  centered: bool,
): void {
  const end = (<usize>width) << 2
  const centers = f32x4.splat(center)
  const inverses = f32x4.splat(inverse)
  let sums = i32x4.splat(0)
  let products = sums
  let place: usize = 0
  for (; place + 16 <= end; place += 16) {
    const normalized = f32x4.mul(f32x4.sub(v128.load(source + place), centers), inverses)
    let incoming = v128.load(gradient + place)
    if (weight) {
      const own = partial + place
      v128.store(own, multiplyAdd(incoming, normalized, v128.load(own)))
      v128.store(own + end, f32x4.add(incoming, v128.load(own + end)))
      incoming = f32x4.mul(incoming, v128.load(weight + place))
    }
    sums = f32x4.add(sums, incoming)
    products = multiplyAdd(incoming, normalized, products)
  }
  let total = sumOfLanes(sums)
  let along = sumOfLanes(products)
  for (; place < end; place += 4) {
    const normalized = (load<f32>(source + place) - center) * inverse
    let incoming = load<f32>(gradient + place)
    if (weight) {
      const own = partial + place
      store<f32>(own, load<f32>(own) + incoming * normalized)
      store<f32>(own + end, load<f32>(own + end) + incoming)
      incoming *= load<f32>(weight + place)
    }
    total += incoming
    along += incoming * normalized
  }
  total = centered ? total / <f32>width : 0
  along /= <f32>width
  const means = f32x4.splat(total)
  const slopes = f32x4.splat(along)
  for (place = 0; place + 16 <= end; place += 16) {
    const normalized = f32x4.mul(f32x4.sub(v128.load(source + place), centers), inverses)
    let incoming = v128.load(gradient + place)
    if (weight) incoming = f32x4.mul(incoming, v128.load(weight + place))
    const rest = f32x4.sub(f32x4.sub(incoming, means), f32x4.mul(normalized, slopes))
    v128.store(target + place, f32x4.mul(rest, inverses))
  }
  for (; place < end; place += 4) {
    const normalized = (load<f32>(source + place) - center) * inverse
    let incoming = load<f32>(gradient + place)
    if (weight) incoming *= load<f32>(weight + place)
    store<f32>(target + place, (incoming - total - normalized * along) * inverse)
  }
}

/** Adds float32 sums to those of doubles, and sets them to zero. */
function moveTotals(totals: usize, partial: usize, count: i32): void {
  for (; count > 0; --count) {
    store<f64>(totals, load<f64>(totals) + <f64>load<f32>(partial))
    store<f32>(partial, 0)
    totals += 8
    partial += 4
  }
}
