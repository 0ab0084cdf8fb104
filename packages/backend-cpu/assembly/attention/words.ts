import { mix, weyl } from '../random'
import { Block, panelBytes, panelQueries, Plan } from './plan'

const mask: i64 = 0xffffff

/** The number of a weight among all of them. */
export function elementOf(block: Block, panel: i32, key: i32): i64 {
  const plan = block.plan
  const row = (<i64>block.entry * plan.heads + block.head) * plan.queries + block.query + panel * panelQueries
  return row * plan.keys + key
}

/**
 * Writes the random words of a panel, `[rows, 8]`: for eight queries of which the first has
 * its weight for the first key at `element`.
 *
 * An element's word is one of the two of its counter, which is half its number: where rows have odd lengths, lanes take turns.
 */
export function panelWords(plan: Plan, target: usize, element: i64, rows: i32): void {
  for (let lane = 0; lane < panelQueries; lane += 4) {
    fourLanes(plan, target + ((<usize>lane) << 2), element + <i64>lane * <i64>plan.keys, rows)
  }
}

function fourLanes(plan: Plan, target: usize, element: i64, rows: i32): void {
  const whole = i32x4.splat(0xffffff)
  const half = i32x4.splat(0xfff)
  const one = i32x4.splat(1)
  const key0 = i32x4.splat(plan.keyLow)
  const key1 = i32x4.splat(plan.keyHigh)
  const key2 = i32x4.splat(plan.keyLow + weyl)
  const key3 = i32x4.splat(plan.keyHigh + weyl)
  const key4 = i32x4.splat(plan.keyLow + 2 * weyl)
  const key5 = i32x4.splat(plan.keyHigh + 2 * weyl)
  const key6 = i32x4.splat(plan.keyLow + 3 * weyl)
  const key7 = i32x4.splat(plan.keyHigh + 3 * weyl)
  const a = element
  const b = a + <i64>plan.keys
  const c = b + <i64>plan.keys
  const d = c + <i64>plan.keys
  const odd = i32x4.neg(i32x4(<i32>(a & 1), <i32>(b & 1), <i32>(c & 1), <i32>(d & 1)))
  let counter = i32x4(<i32>((a >> 1) & mask), <i32>((b >> 1) & mask), <i32>((c >> 1) & mask), <i32>((d >> 1) & mask))
  const highs = i32x4(<i32>(a >> 25), <i32>(b >> 25), <i32>(c >> 25), <i32>(d >> 25))
  let last = one
  for (let row = -1; row < rows; row += 2) {
    let left = v128.and(counter, whole)
    let right = i32x4.add(highs, i32x4.shr_u(counter, 24))
    right = mix(left, right, key0, whole, half)
    left = mix(right, left, key1, whole, half)
    right = mix(left, right, key2, whole, half)
    left = mix(right, left, key3, whole, half)
    right = mix(left, right, key4, whole, half)
    left = mix(right, left, key5, whole, half)
    right = mix(left, right, key6, whole, half)
    left = v128.and(mix(right, left, key7, whole, half), whole)
    right = v128.and(right, whole)
    if (row >= 0) v128.store(target + <usize>row * panelBytes, v128.bitselect(left, last, odd))
    if (row + 1 < rows) v128.store(target + <usize>(row + 1) * panelBytes, v128.bitselect(right, left, odd))
    last = right
    counter = i32x4.add(counter, one)
  }
}
