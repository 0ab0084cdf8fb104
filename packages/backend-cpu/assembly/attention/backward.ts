import { exponential } from '../exponential'
import { sumPanel } from './bias-gradient'
import { keepBlock } from './forward'
import { gatherKeyHead, useGathered } from './gather'
import { addKeyGradients, clearKeyGradients, storeKeyGradients } from './key-gradients'
import { exponentiatePanel, finiteShift } from './panel'
import {
  BackwardPlan,
  Block,
  keyBlock,
  laneBytes,
  lanes,
  openBlock,
  panelBytes,
  panelQueries,
} from './plan'
import { addTurnedProduct, multiplyRows } from './products'
import { scaleBySlopes, weightGradients } from './score-gradients'
import { scorePanel } from './score-panel'
import { turn, turnBack } from './turn'
import { elementOf, panelWords } from './words'

/**
 * The gradients of attention, from weights that are made again: Dao et al. 2022, FlashAttention, algorithm 4. Units are key heads of
 * batch entries, or as many of them together as share a gradient of the bias: nobody else adds to what a unit adds to.
 */
export function attentionBackward(first: i32, end: i32, address: usize): void {
  const plan = changetype<BackwardPlan>(address)
  const entries = plan.batch / plan.batchUnits
  const heads = plan.keyHeads / plan.headUnits
  for (let unit = first; unit < end; ++unit) {
    const entry = (unit / plan.headUnits) * entries
    const keyHead = (unit % plan.headUnits) * heads
    for (let own = entry; own < entry + entries; ++own) {
      for (let head = keyHead; head < keyHead + heads; ++head) propagateKeyHead(plan, own, head)
    }
  }
}

function propagateKeyHead(plan: BackwardPlan, entry: i32, keyHead: i32): void {
  clearKeyGradients(plan, entry, keyHead)
  gatherKeyHead(plan, entry, keyHead)
  for (let head = keyHead * plan.group; head < (keyHead + 1) * plan.group; ++head) {
    if (plan.sinkSums) store<f64>(sinkSum(plan, entry, head), 0)
    for (let query = 0; query < plan.queries; query += lanes) {
      const block = openBlock(plan, entry, head, query)
      useGathered(plan, block)
      propagateBlock(plan, block)
    }
  }
  storeKeyGradients(plan, entry, keyHead)
}

@inline
function sinkSum(plan: BackwardPlan, entry: i32, head: i32): usize {
  return plan.sinkSums + ((<usize>entry * plan.heads + head) << 3)
}

function propagateBlock(plan: BackwardPlan, block: Block): void {
  turnQueries(plan, block)
  const kept = plan.kept + block.own
  block.rewind()
  for (let index: usize = 0; block.advance(keyBlock); ++index) {
    const any = keepBlock(block)
    store<u8>(kept + index, u8(any))
    if (any) makeWeights(plan, block)
  }
  invertTotals(plan, block)
  block.rewind()
  for (let index: usize = 0; block.advance(keyBlock); ++index) {
    if (load<u8>(kept + index)) propagateKeys(plan, block)
  }
  const row = (<usize>block.entry * plan.heads + block.head) * plan.queries + block.query
  turnBack(
    plan.queryGradient + ((row * plan.headSize) << 2),
    plan.turnedGradient + block.own,
    laneBytes,
    plan.ones,
    block.count,
    plan.headSize,
  )
}

/** Brings all that there is per query into lanes. */
function turnQueries(plan: BackwardPlan, block: Block): void {
  const own = block.own
  const entry = block.entry
  const head = block.head
  const query = block.query
  const count = block.count
  const from = plan.query.at(entry, head, query)
  turn(plan.turnedQuery + own, laneBytes, from, plan.query.row, plan.query.column, count, plan.headSize, plan.scale)
  const gradient = plan.gradient
  const gradientFrom = gradient.at(entry, head, query)
  turn(plan.turnedOutput + own, laneBytes, gradientFrom, gradient.row, gradient.column, count, plan.valueSize, 1)
  memory.fill(plan.turnedGradient + own, 0, <usize>plan.headSize * laneBytes)
  turn(plan.peaks + own, laneBytes, plan.queryLogSumExp.at(entry, head, query), plan.queryLogSumExp.row, 0, count, 1, 1)
  turn(plan.deltas + own, laneBytes, plan.delta.at(entry, head, query), plan.delta.row, 0, count, 1, 1)
  const sinks = plan.sinks
  const sink: f32 = changetype<usize>(sinks) ? load<f32>(sinks.start + <usize>head * sinks.column) : -Infinity
  for (let lane: usize = 0; lane < laneBytes; lane += 16) {
    const above = f32x4.sub(f32x4.splat(sink), finiteShift(v128.load(plan.peaks + own + lane)))
    const weight = exponential(above)
    v128.store(plan.totals + own + lane, weight)
    v128.store(plan.sinkWeights + own + lane, weight)
  }
}

/** The weights of a block of keys, before they are divided by their sum. */
function makeWeights(plan: BackwardPlan, block: Block): void {
  const passed = block.own + <usize>block.passed * laneBytes
  for (let panel = 0; panel * panelQueries < block.count; ++panel) {
    const key = max(block.key, block.firstKey(panel))
    const rows = min(block.key + block.width, block.endOfKeys(panel)) - key
    if (rows <= 0) continue
    const offset = <usize>panel * panelBytes
    const place = passed + <usize>(key - block.key) * laneBytes + offset
    const target = plan.scores + place
    const slopes = plan.slopes ? plan.slopes + place : 0
    scorePanel(block, panel, key, rows, target, laneBytes, slopes)
    exponentiatePanel(target, laneBytes, rows, plan.peaks + block.own + offset, plan.totals + block.own + offset)
  }
}

/** The rounding of a large log-sum-exp is a common factor of all weights of a query: their own sum takes it out. */
function invertTotals(plan: BackwardPlan, block: Block): void {
  const own = block.own
  for (let lane: usize = 0; lane < laneBytes; lane += 16) {
    const total = v128.load(plan.totals + own + lane)
    const empty = f32x4.eq(total, i32x4.splat(0))
    v128.store(plan.factors + own + lane, v128.andnot(f32x4.div(f32x4.splat(1), total), empty))
  }
  if (!plan.sinkSums) return
  let sum: f64 = 0
  for (let lane: usize = 0; lane < <usize>block.count; ++lane) {
    const place = own + (lane << 2)
    const weight = load<f32>(plan.sinkWeights + place) * load<f32>(plan.factors + place)
    if (weight > 0) sum += <f64>weight * <f64>load<f32>(plan.deltas + place)
  }
  const place = sinkSum(plan, block.entry, block.head)
  store<f64>(place, load<f64>(place) - sum)
}

/** What a block of keys adds to the gradients. */
function propagateKeys(plan: BackwardPlan, block: Block): void {
  const own = block.own
  const passed = own + <usize>block.passed * laneBytes
  const weights = plan.scores + passed
  const gradients = plan.scoreGradients + own
  for (let panel = 0; panel * panelQueries < block.count; ++panel) {
    const key = max(block.key, block.firstKey(panel))
    const rows = min(block.key + block.width, block.endOfKeys(panel)) - key
    if (rows <= 0) continue
    const offset = <usize>panel * panelBytes
    const place = <usize>(key - block.key) * laneBytes + offset
    const target = gradients + place
    const values = block.values + <usize>key * block.valueRow
    const output = plan.turnedOutput + own + offset
    multiplyRows(rows, plan.valueSize, values, block.valueRow, output, laneBytes, plan.zeros, 0, target, laneBytes)
    const words = plan.dropBound > 0 ? plan.words + own : 0
    if (words) panelWords(plan, words, elementOf(block, panel, key), rows)
    const sums = plan.biasSums
    const plain = !plan.slopes && !changetype<usize>(sums)
    weightGradients(plan, weights + place, target, rows, own + offset, words, plain ? plan.scale : 1)
    if (changetype<usize>(sums)) sumPanel(block, sums, panel, key, rows, target)
    if (!plain) {
      const slopes = plan.slopes ? plan.slopes + passed + place : 0
      scaleBySlopes(target, rows, slopes, plan.scale)
    }
    const keys = block.keys + <usize>key * block.keyRow
    const queries = plan.turnedGradient + own + offset
    addTurnedProduct(plan.headSize, rows, keys, block.keyRow, target, laneBytes, queries, laneBytes)
  }
  addKeyGradients(plan, block, weights, gradients)
}
