import { ones } from '../exponential'
import { writeKeep } from './mask'
import { changeOfShift, dropPanel, exponentiatePanel, raisePeaks, scaleLanes } from './panel'
import {
  Block,
  keyBlock,
  laneBytes,
  lanes,
  openBlock,
  panelBytes,
  panelQueries,
  Plan,
} from './plan'
import { addTurnedProduct } from './products'
import { scorePanel } from './score-panel'
import { turn, turnBack } from './turn'
import { elementOf, panelWords } from './words'

/**
 * Attention, block by block: Dao et al. 2022, FlashAttention, algorithm 1. Units are blocks of queries, those of a head in a row.
 *
 * Queries lie in the lanes of vectors: so keys and values are read where they are, maxima and sums need no steps across lanes, and
 * what the first product writes is what the second one reads.
 */
export function attentionForward(first: i32, end: i32, address: usize): void {
  const plan = changetype<Plan>(address)
  const blocks = (plan.queries + lanes - 1) / lanes
  for (let unit = first; unit < end; ++unit) {
    const row = unit / blocks
    attendBlock(plan, row / plan.heads, row % plan.heads, (unit % blocks) * lanes)
  }
}

function attendBlock(plan: Plan, entry: i32, head: i32, query: i32): void {
  const block = openBlock(plan, entry, head, query)
  const count = block.count
  const source = plan.query
  const turnedQuery = plan.turnedQuery + block.own
  const from = source.at(entry, head, query)
  turn(turnedQuery, laneBytes, from, source.row, source.column, count, plan.headSize, plan.scale)
  memory.fill(plan.turnedOutput + block.own, 0, <usize>plan.valueSize * laneBytes)
  beginTotals(block)
  block.rewind()
  while (block.advance(keyBlock)) {
    if (!keepBlock(block)) continue
    for (let panel = 0; panel * panelQueries < count; ++panel) attendPanel(block, panel)
  }
  finish(block)
}

/** Reads the mask for the keys of a block. Returns whether it keeps any. */
export function keepBlock(block: Block): bool {
  const plan = block.plan
  block.keep = 0
  if (plan.maskSteps == 0) return true
  block.keep = plan.keep + block.own
  return writeKeep(
    plan,
    block.keep,
    lanes,
    block.entry,
    block.head,
    block.query,
    block.count,
    block.key,
    block.width,
  )
}

/** A sink is a key that comes before all others, and has no value. */
function beginTotals(block: Block): void {
  const plan = block.plan
  const sinks = plan.sinks
  const sink: f32 = changetype<usize>(sinks) ? load<f32>(sinks.start + <usize>block.head * sinks.column) : -Infinity
  const peak = f32x4.splat(sink)
  const total = f32x4.splat(sink == -Infinity ? 0 : 1)
  for (let lane: usize = 0; lane < laneBytes; lane += 16) {
    v128.store(plan.peaks + block.own + lane, peak)
    v128.store(plan.totals + block.own + lane, total)
  }
}

function attendPanel(block: Block, panel: i32): void {
  const key = max(block.key, block.firstKey(panel))
  const rows = min(block.key + block.width, block.endOfKeys(panel)) - key
  if (rows <= 0) return
  const plan = block.plan
  const own = block.own
  const offset = own + <usize>panel * panelBytes
  const scores = plan.scores + own
  const output = plan.turnedOutput + offset
  const peaks = plan.peaks + offset
  const totals = plan.totals + offset
  const before = plan.factors + own
  const factors = before + panelBytes
  scorePanel(block, panel, key, rows, scores, panelBytes, 0)
  v128.store(before, v128.load(peaks))
  v128.store(before, v128.load(peaks, 16), 16)
  if (raisePeaks(peaks, scores, panelBytes, rows)) {
    changeOfShift(factors, before, peaks)
    scaleLanes(totals, panelBytes, 1, factors)
    scaleLanes(output, laneBytes, plan.valueSize, factors)
  }
  exponentiatePanel(scores, panelBytes, rows, peaks, totals)
  if (plan.dropBound > 0) {
    const words = plan.words + own
    panelWords(plan, words, elementOf(block, panel, key), rows)
    dropPanel(scores, panelBytes, rows, words, plan.dropBound, plan.dropScale)
  }
  const values = block.values + <usize>key * block.valueRow
  addTurnedProduct(plan.valueSize, rows, values, block.valueRow, scores, panelBytes, output, laneBytes)
}

/** A query without keys has a total of zero, and zeros as its output. */
function finish(block: Block): void {
  const plan = block.plan
  const own = block.own
  const count = block.count
  const totals = plan.totals + own
  const row = (<usize>block.entry * plan.heads + block.head) * plan.queries + block.query
  for (let lane: usize = 0; lane < <usize>count; ++lane) {
    const total = load<f32>(totals + (lane << 2))
    const peak = load<f32>(plan.peaks + own + (lane << 2))
    const logSumExp: f32 = total == 0 ? -Infinity : <f32>(<f64>peak + Math.log(total))
    store<f32>(plan.logSumExp + ((row + lane) << 2), logSumExp)
  }
  for (let lane: usize = 0; lane < laneBytes; lane += 16) {
    const total = v128.load(totals + lane)
    const empty = f32x4.eq(total, i32x4.splat(0))
    v128.store(plan.factors + own + lane, v128.andnot(f32x4.div(ones(), total), empty))
  }
  const output = plan.output + ((row * <usize>plan.valueSize) << 2)
  turnBack(output, plan.turnedOutput + own, laneBytes, plan.factors + own, count, plan.valueSize)
}
