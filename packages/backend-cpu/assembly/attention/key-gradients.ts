import { thread } from '../team'
import { BackwardPlan, Block, laneBytes, lanes, panelBytes, panelQueries } from './plan'
import { multiplyRows } from './products'

/** Where the gradients of the keys of a key head are summed up: in the output itself where its rows are whole panels. */
function keySums(plan: BackwardPlan, entry: i32, keyHead: i32, own: usize): usize {
  if (plan.headSize & 7) return plan.keySums + own
  const row = (<usize>entry * plan.keyHeads + keyHead) * plan.keys
  return plan.keyGradient + ((row * plan.headSize) << 2)
}

function valueSums(plan: BackwardPlan, entry: i32, keyHead: i32, own: usize): usize {
  if (plan.valueSize & 7) return plan.valueSums + own
  const row = (<usize>entry * plan.keyHeads + keyHead) * plan.keys
  return plan.valueGradient + ((row * plan.valueSize) << 2)
}

@inline
function wholeRow(size: i32): usize {
  return <usize>((size + 7) & ~7) << 2
}

export function clearKeyGradients(plan: BackwardPlan, entry: i32, keyHead: i32): void {
  const own = <usize>thread * plan.spaceBytes
  memory.fill(keySums(plan, entry, keyHead, own), 0, <usize>plan.keys * wholeRow(plan.headSize))
  memory.fill(valueSums(plan, entry, keyHead, own), 0, <usize>plan.keys * wholeRow(plan.valueSize))
}

/** Brings sums that are not in the outputs there. */
export function storeKeyGradients(plan: BackwardPlan, entry: i32, keyHead: i32): void {
  const own = <usize>thread * plan.spaceBytes
  const row = (<usize>entry * plan.keyHeads + keyHead) * plan.keys
  if (plan.headSize & 7)
    copyRows(plan.keyGradient + ((row * plan.headSize) << 2), plan.keySums + own, plan.keys, plan.headSize)
  if (plan.valueSize & 7)
    copyRows(plan.valueGradient + ((row * plan.valueSize) << 2), plan.valueSums + own, plan.keys, plan.valueSize)
}

function copyRows(target: usize, source: usize, rows: i32, size: i32): void {
  const bytes = (<usize>size) << 2
  for (; rows > 0; --rows) {
    memory.copy(target, source, bytes)
    target += bytes
    source += wholeRow(size)
  }
}

/**
 * Adds what a block of queries gives to the keys of a block: the gradients of its scores times its queries, and its weights times the
 * gradients of its outputs. Keys that the same panels of queries see go together.
 */
export function addKeyGradients(plan: BackwardPlan, block: Block, weights: usize, gradients: usize): void {
  const end = block.key + block.width
  let key = block.key
  while (key < end) {
    let next = end
    let first = lanes
    let last = 0
    for (let panel = 0; panel * panelQueries < block.count; ++panel) {
      const from = block.firstKey(panel)
      const to = block.endOfKeys(panel)
      if (from > key) next = min(next, from)
      else if (to > key) {
        next = min(next, to)
        first = min(first, panel)
        last = panel + 1
      }
    }
    if (first < last) {
      const place = <usize>(key - block.key) * laneBytes + <usize>first * panelBytes
      addStretch(
        plan,
        block,
        key,
        next - key,
        first * panelQueries,
        min(last * panelQueries, block.count),
        weights + place,
        gradients + place,
      )
    }
    key = next
  }
}

function addStretch(
  plan: BackwardPlan,
  block: Block,
  key: i32,
  rows: i32,
  from: i32,
  to: i32,
  weights: usize,
  gradients: usize,
): void {
  const entry = block.entry
  const keyHead = block.head / plan.group
  const own = block.own
  const query = block.query + from
  const keyRow = wholeRow(plan.headSize)
  addProduct(
    rows,
    to - from,
    plan.headSize,
    gradients,
    plan.query.at(entry, block.head, query),
    plan.query.row,
    keySums(plan, entry, keyHead, own) + <usize>key * keyRow,
    keyRow,
  )
  const valueRow = wholeRow(plan.valueSize)
  addProduct(
    rows,
    to - from,
    plan.valueSize,
    weights,
    plan.gradient.at(entry, block.head, query),
    plan.gradient.row,
    valueSums(plan, entry, keyHead, own) + <usize>key * valueRow,
    valueRow,
  )
}

/** Panels may read, but not keep, what lies behind the last column. */
function addProduct(
  rows: i32,
  steps: i32,
  columns: i32,
  left: usize,
  right: usize,
  rightRow: usize,
  out: usize,
  outRow: usize,
): void {
  for (let column = 0; column < columns; column += 8) {
    multiplyRows(rows, steps, left, laneBytes, right, rightRow, out, outRow, out, outRow)
    right += 32
    out += 32
  }
}
