import {
  div,
  equal,
  greater,
  iota,
  logicalAnd,
  matmul,
  maximum,
  ones,
  pad,
  repeatInterleave,
  repeatKeyHeads,
  reshape,
  slice,
  stopGradient,
  sum,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { keepLargest } from '../../masks/keep-largest.ts'
import type { AttentionPart } from '../../part.ts'

export interface MobaOptions {
  /** Positions in a block; 64 unless said. */
  readonly blockSize?: number
  /** How many blocks each query sees, its own one included; 3 unless said. */
  readonly blocks?: number
}

/**
 * Mixture of block attention: each query sees its own block, and those whose mean key fits it best. Only keys that the masks keep take
 * part in a mean and are seen: with `causal` none of the future.
 *
 * @example
 * compose([scaledDot(), moba({ blockSize: 64, blocks: 3 }), causal()])
 */
export function moba(options: MobaOptions = {}): AttentionPart {
  const { blockSize = 64, blocks = 3 } = options
  checkOptions('moba', { blockSize }, wholeFrom(1), 'Give the size in positions, such as 64.')
  checkOptions('moba', { blocks }, wholeFrom(1), 'A query always sees its own block: that is 1.')
  return {
    name: 'moba',
    source:
      'Lu et al. 2025, MoBA: Mixture of Block Attention for Long-Context LLMs, section 2.2 (arXiv 2502.13189)',
    about: {
      year: 2025,
      formula: 'keep where the block of j is that of i, or among the best by q·mean(k of the block)',
      use: 'Long texts in which a query needs a few passages, wherever they are.',
    },
    options,
    selfOnly: 'a query sees the block that it is in',
    positional: true,
    countsOn: ['scoreMaps'],
    select(context, _scores, query, key, keep) {
      const gates = gatesOf(query, key, keep, blockSize)
      const own = ownBlock(context, blockSize, gates.shape[3]!)
      const seen = where(own, true, greater(gates, -Infinity))
      const chosen = keepLargest(where(own, Infinity, gates), seen, blocks)
      return logicalAnd(keep, spread(logicalAnd(chosen, seen), blockSize, context.keyLength))
    },
  }
}

/** The query times the mean of the kept keys of each block, minus infinity where there is none: `[batch, heads, query, block]`. */
function gatesOf(query: Tensor, key: Tensor, keep: Tensor, size: number): Tensor {
  const keys = repeatKeyHeads(stopGradient(key), query.shape[1]!)
  // The product with a mean is the mean of the products, of which each query has its own kept ones.
  const products = matmul(stopGradient(query), transpose(keys, { order: [0, 1, 3, 2] }))
  const totals = blockSums(where(keep, products, 0), size)
  const counts = blockSums(where(keep, ones(query.device, products.shape), 0), size)
  return where(greater(counts, 0), div(totals, maximum(counts, 1)), -Infinity)
}

function blockSums(x: Tensor, size: number): Tensor {
  const [batch, heads, queries, keys] = x.shape as [number, number, number, number]
  const blocks = Math.ceil(keys / size)
  const filled = pad(x, { before: [0, 0, 0, 0], after: [0, 0, 0, blocks * size - keys] })
  return sum(reshape(filled, [batch, heads, queries, blocks, size]), { axis: -1 })
}

/** `bool` `[query, block]` */
function ownBlock(
  { device, queryStart, queryLength }: AttentionContext,
  size: number,
  blocks: number,
): Tensor {
  const rows = Int32Array.from({ length: queryLength }, (_, query) => Math.floor((queryStart + query) / size))
  return equal(device.tensor(rows, { shape: [queryLength, 1] }), iota(device, [1, blocks]))
}

/** From blocks to their keys. */
function spread(chosen: Tensor, size: number, keyLength: number): Tensor {
  const repeated = repeatInterleave(chosen, { repeats: size, axis: -1 })
  return slice(repeated, [{}, {}, {}, { size: keyLength }])
}
