import { dropBelow, randomWords } from '../random'
import { exponentiateRow } from '../softmax'
import { writeKeep } from './mask'
import { Block, openBlock, Plan } from './plan'
import { scoreRow } from './row'
import { addValues, multiplyByKeys } from './row-products'

/**
 * Attention of few queries, as in decoding token by token, with keys in the lanes of vectors: with queries there, most would be
 * empty. Units are queries.
 */
export function attentionOfFew(first: i32, end: i32, address: usize): void {
  const plan = changetype<Plan>(address)
  for (let unit = first; unit < end; ++unit) {
    const row = unit / plan.queries
    const block = openBlock(plan, row / plan.heads, row % plan.heads, unit % plan.queries)
    attendQuery(plan, block, <usize>unit)
  }
}

function attendQuery(plan: Plan, block: Block, unit: usize): void {
  const scores = plan.scores + block.own
  let peak: f32 = -Infinity
  let any = false
  block.rewind()
  while (block.advance(i32.MAX_VALUE)) {
    if (keepKeys(plan, block)) any = true
    peak = max(peak, scoreKeys(plan, block))
  }
  const sinks = plan.sinks
  const sink: f32 = changetype<usize>(sinks) ? load<f32>(sinks.start + <usize>block.head * sinks.column) : -Infinity
  const largest = max(peak, sink)
  const shift: f32 = largest == -Infinity ? 0 : largest
  let total = exponentiateRow(scores, scores, block.passed, shift)
  if (sink > -Infinity) total += Math.exp(sink - shift)
  const share: f32 = total == 0 ? 0 : <f32>(1 / total)
  const output = plan.output + ((unit * <usize>plan.valueSize) << 2)
  memory.fill(output, 0, <usize>plan.valueSize << 2)
  block.rewind()
  // Values that nobody attends to may be anything, infinite too.
  while (any && block.advance(i32.MAX_VALUE)) {
    const weights = scores + (<usize>block.passed << 2)
    if (plan.dropBound > 0) dropRow(plan, weights, plan.words + block.own, <i64>unit * plan.keys + block.key, block.width)
    const values = block.values + <usize>block.key * block.valueRow
    addValues(output, plan.valueSize, weights, block.width, values, block.valueRow, share)
  }
  store<f32>(plan.logSumExp + (unit << 2), <f32>(<f64>shift + Math.log(total)))
}

/** Reads the mask for the keys that the block is at. Returns whether it keeps any. */
function keepKeys(plan: Plan, block: Block): bool {
  block.keep = 0
  if (plan.maskSteps == 0) return true
  block.keep = plan.keep + block.own
  return writeKeep(plan, block.keep, 1, block.entry, block.head, block.query, 1, block.key, block.width)
}

/** Scores the keys that the block is at, behind those before them. Returns the largest. */
function scoreKeys(plan: Plan, block: Block): f32 {
  const entry = block.entry
  const head = block.head
  const query = block.query
  const key = block.key
  const width = block.width
  const passed = <usize>block.passed
  const scores = plan.scores + block.own + (passed << 2)
  const keys = block.keys + <usize>key * block.keyRow
  const row = plan.query.at(entry, head, query)
  multiplyByKeys(scores, width, plan.headSize, row, plan.query.column, keys, block.keyRow)
  const bias = plan.bias
  let biasFrom: usize = 0
  let biasStep: usize = 0
  if (changetype<usize>(bias)) {
    biasFrom = bias.at(entry, head, query) + <usize>key * bias.column
    biasStep = bias.column
  }
  return scoreRow(scores, width, plan.scale, plan.softcap, biasFrom, biasStep, block.keep)
}

function dropRow(plan: Plan, row: usize, words: usize, element: i64, width: i32): void {
  const odd = <i32>(element & 1)
  const counter = element >> 1
  const pairs = (width + odd + 1) >> 1
  randomWords(words, pairs, <i32>(counter & 0xffffff), <i32>(counter >> 24), plan.keyLow, plan.keyHigh)
  dropBelow(row, row, words + (<usize>odd << 2), width, plan.dropBound, plan.dropScale)
}
