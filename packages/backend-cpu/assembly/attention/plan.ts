import { thread } from '../team'

/** Queries at a time: the lanes that scores lie in, key by key. */
export const lanes: i32 = 32
/** Bytes of such a row. */
export const laneBytes: usize = 128
/** Keys at a time: with their values they stay in the first cache. */
export const keyBlock: i32 = 64
/** The queries of one product, two vectors of them, and the bytes that they take. */
export const panelQueries: i32 = 8
export const panelBytes: usize = 32

/** Something `[batch, heads, rows, columns]`, or broadcast to it: the address of its first element, and strides in bytes. */
@unmanaged
export class Operand {
  start: usize
  batch: usize
  head: usize
  row: usize
  column: usize

  at(entry: i32, head: i32, row: i32): usize {
    return this.start + <usize>entry * this.batch + <usize>head * this.head + <usize>row * this.row
  }
}

/** What a call is about. Its words are written by src/kernels/wasm/attention/plan.ts, in this order. */
@unmanaged
export class Plan {
  batch: i32
  heads: i32
  queries: i32
  keys: i32
  headSize: i32
  valueSize: i32
  /** Query heads per key head. */
  group: i32
  query: Operand
  key: Operand
  value: Operand
  /** 0 where there is none; the same below. */
  bias: Operand
  /** A logit per head, along the columns. */
  sinks: Operand
  /** A length per batch entry, along the columns. */
  keyLengths: Operand
  scale: f32
  /** 0 for none. */
  softcap: f32
  /** Of the first query. */
  position: i32
  /** A query sees keys from this many before its position to this many after it, and among them those that the mask keeps. */
  left: i32
  right: i32
  /** For each block of queries, of each head alike, two addresses: where its ranges of keys begin, and where they end. */
  ranges: usize
  /** The queries of such a block. */
  rangeQueries: i32
  /** The steps that say which keys the mask keeps: see mask.ts. */
  maskSteps: i32
  maskProgram: usize
  /** Words below are dropped; 0 drops none. */
  dropBound: i32
  dropScale: f32
  keyLow: i32
  keyHigh: i32
  output: usize
  logSumExp: usize
  /** 32 bytes of zeros, and as many lanes of 1. */
  zeros: usize
  ones: usize
  /** Working space of the first thread; each further one has its own, so many bytes further on. */
  spaceBytes: usize
  block: Block
  /** `[headSize, lanes]`: the queries of the block, scaled. */
  turnedQuery: usize
  /** `[valueSize, lanes]`: the outputs of the block, or the gradients of those. */
  turnedOutput: usize
  scores: usize
  /** A number per lane each. */
  peaks: usize
  totals: usize
  factors: usize
  /** Levels of `[keyBlock, lanes]` bytes; of a byte per key for a single query. */
  keep: usize
  keepLevelBytes: usize
  /** `[keyBlock, panelQueries]` */
  turnedBias: usize
  words: usize
}

/** What the backward pass has besides, after the words of the plan. */
@unmanaged
export class BackwardPlan extends Plan {
  /** A row per query, one column each. */
  queryLogSumExp: Operand
  gradient: Operand
  delta: Operand
  queryGradient: usize
  keyGradient: usize
  valueGradient: usize
  keyHeads: i32
  /** Doubles; 0 when nobody asks for the gradient of the bias. */
  biasSums: Operand
  /** A double per batch entry and head. */
  sinkSums: usize
  /** Into how many units the batch is cut, and into how many the key heads. */
  batchUnits: i32
  headUnits: i32
  /** `[headSize, lanes]` */
  turnedGradient: usize
  /** `[keyBlock, lanes]`: gradients of scores. */
  scoreGradients: usize
  /** `[keys of a block, lanes]`, where there is a soft cap; the scores are like it. */
  slopes: usize
  deltas: usize
  sinkWeights: usize
  /** A byte per block of keys: whether the mask keeps any. */
  kept: usize
  /** `[keys, headSize]` and `[keys, valueSize]`, rows rounded up to whole panels; not used where the outputs have such rows. */
  keySums: usize
  valueSums: usize
  /** `[keys, headSize]` and `[keys, valueSize]`, for keys and values whose rows do not lie next to each other; else 0. */
  gatheredKeys: usize
  gatheredValues: usize
}

/** A block of queries of one batch entry and head, and the keys that it is at. */
@unmanaged
export class Block {
  plan: Plan
  /** What is added to addresses of working space. */
  own: usize
  entry: i32
  head: i32
  query: i32
  count: i32
  /** Of its first query. */
  position: i32
  /** How many keys there are. */
  filled: i32
  key: i32
  width: i32
  /** How many keys of its ranges it has been at before. */
  passed: i32
  /** The range that these are in, and the end of all: two words each, first key and end. */
  range: usize
  rangesEnd: usize
  /** The first key and value of its key head, and what is between them and the next. */
  keys: usize
  keyRow: usize
  values: usize
  valueRow: usize
  /** The byte of the first key in the mask of these; 0 when all are kept. */
  keep: usize

  /** Goes before the first of the keys that any of its queries may see. */
  rewind(): void {
    const places = this.plan.ranges + (<usize>(this.query / this.plan.rangeQueries) << 3)
    this.range = load<usize>(places)
    this.rangesEnd = load<usize>(places, 4)
    this.key = 0
    this.width = 0
    this.passed = 0
  }

  /** Goes on to the next of them, at most `most` in a row. Returns whether there are any. */
  advance(most: i32): bool {
    const from = this.key + this.width
    this.passed += this.width
    for (; this.range < this.rangesEnd; this.range += 8) {
      const key = max(from, load<i32>(this.range))
      const end = min(this.filled, load<i32>(this.range, 4))
      if (key >= end) continue
      this.key = key
      this.width = min(most, end - key)
      return true
    }
    this.width = 0
    return false
  }

  /** The first key that any query of a panel may see. */
  firstKey(panel: i32): i32 {
    return max(0, this.position + panel * panelQueries - this.plan.left)
  }

  /** Where the keys end that a query of a panel may see. */
  endOfKeys(panel: i32): i32 {
    const last = min(this.count, (panel + 1) * panelQueries) - 1
    return min(this.filled, this.position + last + this.plan.right + 1)
  }
}

/** This thread's block, at a place to work on. */
export function openBlock(plan: Plan, entry: i32, head: i32, query: i32): Block {
  const own = <usize>thread * plan.spaceBytes
  const block = changetype<Block>(changetype<usize>(plan.block) + own)
  block.plan = plan
  block.own = own
  block.entry = entry
  block.head = head
  block.query = query
  block.count = min(lanes, plan.queries - query)
  block.position = plan.position + query
  block.filled = filledKeys(plan, entry)
  const keyHead = head / plan.group
  block.keys = plan.key.at(entry, keyHead, 0)
  block.keyRow = plan.key.row
  block.values = plan.value.at(entry, keyHead, 0)
  block.valueRow = plan.value.row
  return block
}

/** How many keys of a batch entry are there. */
export function filledKeys(plan: Plan, entry: i32): i32 {
  const lengths = plan.keyLengths
  if (!changetype<usize>(lengths)) return plan.keys
  return min(plan.keys, load<i32>(lengths.start + <usize>entry * lengths.column))
}
