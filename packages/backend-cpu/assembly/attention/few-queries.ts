import { dropBelow, randomWords } from '../random'
import { exponentiateRow } from '../softmax'
import { writeKeep } from './mask'
import { Block, endOfKeys, firstKey, openBlock, Plan } from './plan'
import { scoreRow } from './row'
import { multiplyByKeys, sumValues } from './row-products'

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
  const own = block.own
  const entry = block.entry
  const head = block.head
  const query = block.query
  const key = firstKey(plan, block.position)
  let width = max(0, endOfKeys(plan, block.position, block.filled) - key)
  let keep: usize = 0
  if (plan.maskSteps && width > 0) {
    keep = plan.keep + own
    if (!writeKeep(plan, keep, 1, entry, head, query, 1, key, width)) width = 0
  }
  const scores = plan.scores + own
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
  const peak = scoreRow(scores, width, 0, width, plan.scale, plan.softcap, biasFrom, biasStep, keep)
  const sinks = plan.sinks
  const sink: f32 = changetype<usize>(sinks) ? load<f32>(sinks.start + <usize>head * sinks.column) : -Infinity
  const largest = max(peak, sink)
  const shift: f32 = largest == -Infinity ? 0 : largest
  let total = exponentiateRow(scores, scores, width, shift)
  if (sink > -Infinity) total += Math.exp(sink - shift)
  if (plan.dropBound > 0) dropRow(plan, scores, plan.words + own, <i64>unit * plan.keys + key, width)
  const values = block.values + <usize>key * block.valueRow
  const share: f32 = total == 0 ? 0 : <f32>(1 / total)
  const output = plan.output + ((unit * <usize>plan.valueSize) << 2)
  sumValues(output, plan.valueSize, scores, width, values, block.valueRow, share)
  store<f32>(plan.logSumExp + (unit << 2), <f32>(<f64>shift + Math.log(total)))
}

function dropRow(plan: Plan, row: usize, words: usize, element: i64, width: i32): void {
  const odd = <i32>(element & 1)
  const counter = element >> 1
  const pairs = (width + odd + 1) >> 1
  randomWords(words, pairs, <i32>(counter & 0xffffff), <i32>(counter >> 24), plan.keyLow, plan.keyHigh)
  dropBelow(row, row, words + (<usize>odd << 2), width, plan.dropBound, plan.dropScale)
}
