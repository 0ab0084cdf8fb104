import { type AttentionMask, type KeyRange, keyRanges, keysIn, movesWithQuery } from '@qkv/tensor'

/** Which keys the blocks of queries of a call see, as words for assembly/attention/plan.ts. */
export interface QueryRanges {
  /** Queries in a block. */
  readonly queries: number
  /** For each block where its ranges begin in `words` and where they end, then the ranges: first key and end of each. */
  readonly words: Int32Array
  /** How many blocks there are. */
  readonly blocks: number
  /** The most ranges of a block, and the most keys. */
  readonly mostRanges: number
  readonly mostKeys: number
  /** Of an average block. */
  readonly meanKeys: number
}

/** The ranges of `count` queries from `position` on, in blocks of `queries`. */
export function queryRanges(
  mask: AttentionMask,
  position: number,
  count: number,
  keys: number,
  queries: number,
): QueryRanges {
  const blocks = Math.ceil(count / queries)
  const moves = movesWithQuery(mask)
  const own: (readonly KeyRange[])[] = []
  for (let block = 0; block < (moves ? blocks : Math.min(1, blocks)); block++) {
    const from = position + block * queries
    own.push(keyRanges(mask, from, Math.min(from + queries, position + count) - 1, keys))
  }
  const words = new Int32Array(2 * blocks + 2 * own.reduce((sum, ranges) => sum + ranges.length, 0))
  let word = 2 * blocks
  for (const [block, ranges] of own.entries()) {
    words[2 * block] = word
    for (const { first, end } of ranges) {
      words[word++] = first
      words[word++] = end
    }
    words[2 * block + 1] = word
  }
  for (let block = own.length; block < blocks; block++) words.copyWithin(2 * block, 0, 2)
  const counts = own.map(keysIn)
  return {
    queries,
    words,
    blocks,
    mostRanges: Math.max(0, ...own.map((ranges) => ranges.length)),
    mostKeys: Math.max(0, ...counts),
    meanKeys: counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length),
  }
}
