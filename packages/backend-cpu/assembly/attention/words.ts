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
 * The vectors of four lanes each go side by side, since each step of the generator waits for the one before.
 */
export function panelWords(plan: Plan, target: usize, element: i64, rows: i32): void {
  const keys = <i64>plan.keys
  const next = element + 4 * keys
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
  const oddA = oddLanes(element, keys)
  const oddB = oddLanes(next, keys)
  const highsA = highWords(element, keys)
  const highsB = highWords(next, keys)
  let counterA = lowWords(element, keys)
  let counterB = lowWords(next, keys)
  let lastA = one
  let lastB = one
  for (let row = -1; row < rows; row += 2) {
    let leftA = v128.and(counterA, whole)
    let leftB = v128.and(counterB, whole)
    let rightA = i32x4.add(highsA, i32x4.shr_u(counterA, 24))
    let rightB = i32x4.add(highsB, i32x4.shr_u(counterB, 24))
    rightA = mix(leftA, rightA, key0, whole, half)
    rightB = mix(leftB, rightB, key0, whole, half)
    leftA = mix(rightA, leftA, key1, whole, half)
    leftB = mix(rightB, leftB, key1, whole, half)
    rightA = mix(leftA, rightA, key2, whole, half)
    rightB = mix(leftB, rightB, key2, whole, half)
    leftA = mix(rightA, leftA, key3, whole, half)
    leftB = mix(rightB, leftB, key3, whole, half)
    rightA = mix(leftA, rightA, key4, whole, half)
    rightB = mix(leftB, rightB, key4, whole, half)
    leftA = mix(rightA, leftA, key5, whole, half)
    leftB = mix(rightB, leftB, key5, whole, half)
    rightA = mix(leftA, rightA, key6, whole, half)
    rightB = mix(leftB, rightB, key6, whole, half)
    leftA = v128.and(mix(rightA, leftA, key7, whole, half), whole)
    leftB = v128.and(mix(rightB, leftB, key7, whole, half), whole)
    rightA = v128.and(rightA, whole)
    rightB = v128.and(rightB, whole)
    if (row >= 0) {
      const place = target + <usize>row * panelBytes
      v128.store(place, v128.bitselect(leftA, lastA, oddA))
      v128.store(place, v128.bitselect(leftB, lastB, oddB), 16)
    }
    if (row + 1 < rows) {
      const place = target + <usize>(row + 1) * panelBytes
      v128.store(place, v128.bitselect(rightA, leftA, oddA))
      v128.store(place, v128.bitselect(rightB, leftB, oddB), 16)
    }
    lastA = rightA
    lastB = rightB
    counterA = i32x4.add(counterA, one)
    counterB = i32x4.add(counterB, one)
  }
}

/** All bits of those of four lanes whose elements, `keys` apart, are the second ones of their counters. */
function oddLanes(element: i64, keys: i64): v128 {
  const odd = i32x4(
    <i32>element,
    <i32>(element + keys),
    <i32>(element + 2 * keys),
    <i32>(element + 3 * keys),
  )
  return i32x4.neg(v128.and(odd, i32x4.splat(1)))
}

function lowWords(element: i64, keys: i64): v128 {
  return i32x4(
    <i32>((element >> 1) & mask),
    <i32>(((element + keys) >> 1) & mask),
    <i32>(((element + 2 * keys) >> 1) & mask),
    <i32>(((element + 3 * keys) >> 1) & mask),
  )
}

function highWords(element: i64, keys: i64): v128 {
  return i32x4(
    <i32>(element >> 25),
    <i32>((element + keys) >> 25),
    <i32>((element + 2 * keys) >> 25),
    <i32>((element + 3 * keys) >> 25),
  )
}
