import {
  add,
  equal,
  full,
  gather,
  iota,
  less,
  lessEqual,
  logicalAnd,
  matmul,
  mul,
  oneHot,
  repeatKeyHeads,
  reshape,
  silu,
  sub,
  sum,
  type Tensor,
  topK,
  transpose,
  where,
} from '@qkv/tensor'
import { maskedSoftmax } from '../attend.ts'
import type { AttentionContext } from '../context.ts'
import { keptKeys, withoutPadding } from './features.ts'
import { compressedCount, sharedStrides, type SparseSizes } from './sparse-blocks.ts'

/** What the compressed branch gives, and how much it looks at each compressed key: `[batch, heads, query, compressed]`. */
export interface CompressedBranch {
  readonly output: Tensor
  /** `undefined` while no block is full. */
  readonly weights: Tensor | undefined
}

/** Attention to one key and value for each full block, which a network makes of it. */
export function attendCompressed(
  context: AttentionContext,
  sizes: SparseSizes,
  query: Tensor,
  key: Tensor,
  value: Tensor,
): CompressedBranch {
  const [batch, heads, queries, size] = query.shape as [number, number, number, number]
  const count = compressedCount(sizes, key.shape[2]!)
  if (count === 0) {
    return { output: full(query.device, [batch, heads, queries, value.shape[3]!], 0), weights: undefined }
  }
  const members = membersOf(context, sizes, count)
  const keys = repeatKeyHeads(compress(context, 'key', key, members), heads)
  const values = repeatKeyHeads(compress(context, 'value', value, members), heads)
  const scores = mul(matmul(query, transpose(keys)), size ** -0.5)
  const weights = maskedSoftmax(scores, keptBlocks(context, sizes, members))
  return { output: matmul(weights, values), weights }
}

/** The positions of each block, `[compressed, compressionBlock]`. */
function membersOf(context: AttentionContext, sizes: SparseSizes, count: number): Tensor {
  const { compressionBlock, stride } = sizes
  const starts = iota(context.device, [count, 1], { axis: 0, step: stride })
  return add(starts, iota(context.device, [1, compressionBlock], { axis: 1 }))
}

/** A network with one hidden layer over the rows of each block, to which their place in it is added. */
function compress(context: AttentionContext, name: 'key' | 'value', rows: Tensor, members: Tensor): Tensor {
  const [batch, keyHeads, , size] = rows.shape as [number, number, number, number]
  const [count, block] = members.shape as [number, number]
  const places = reshape(context.parameter(`${name}Position`), [keyHeads, 1, block, size])
  const blocks = add(gather(withoutPadding(context, rows), members, { axis: 2 }), places)
  const flat = reshape(blocks, [batch, keyHeads, count, block * size])
  return matmul(silu(matmul(flat, context.parameter(`${name}Hidden`))), context.parameter(`${name}Output`))
}

/** Blocks that end before or at the query, and have a real key; `undefined` where all are kept. */
function keptBlocks(context: AttentionContext, sizes: SparseSizes, members: Tensor): Tensor | undefined {
  const { device, queryStart, queryLength, keyLength, causal } = context
  const [count] = members.shape as [number]
  const { compressionBlock, stride } = sizes
  const ends = iota(device, [1, count], { axis: 1, start: compressionBlock - 1, step: stride })
  const past = causal
    ? lessEqual(ends, iota(device, [queryLength, 1], { axis: 0, start: queryStart }))
    : undefined
  const keep = keptKeys(context, keyLength)
  if (!keep) return past
  const batch = keep.shape[0]!
  const real = gather(reshape(where(keep, 1, 0), [batch, keyLength]), members, { axis: 1 })
  const kept = reshape(less(0, sum(real, { axis: -1 })), [batch, 1, 1, count])
  return past ? logicalAnd(past, kept) : kept
}

/**
 * The keys of the blocks that each query selects, `bool` `[batch, heads, query, key]`: its own block, the one before it, the first, and
 * those that the compressed branch looked at most, summed over the heads that share keys.
 */
export function selectedKeys(
  context: AttentionContext,
  sizes: SparseSizes,
  keyHeads: number,
  { output, weights }: CompressedBranch,
): Tensor {
  const { device, queryStart, keyLength, causal } = context
  const [batch, heads, queries] = output.shape as [number, number, number]
  const { selectionBlock, selected } = sizes
  const count = Math.ceil(keyLength / selectionBlock)
  const importance = weights
    ? sum(
        reshape(matmul(weights, sharedStrides(device, sizes, keyLength)), [
          batch,
          keyHeads,
          heads / keyHeads,
          queries,
          count,
        ]),
        { axis: 2 },
      )
    : full(device, [batch, keyHeads, queries, count], 0)

  const blocks = iota(device, [1, count], { axis: 1 })
  const own = device.tensor(
    Int32Array.from({ length: queries }, (_, row) => Math.floor((queryStart + row) / selectionBlock)),
    { shape: [queries, 1] },
  )
  // More than any importance, which is at most the number of heads times strides in a block.
  const forced = where(
    equal(blocks, own),
    3e6,
    where(equal(blocks, sub(own, 1)), 2e6, where(equal(blocks, 0), 1e6, 0)),
  )
  const ranking = add(importance, forced)
  const { indices } = topK(causal ? where(lessEqual(blocks, own), ranking, -Infinity) : ranking, {
    k: Math.min(selected, count),
  })
  const chosen = sum(oneHot(indices, { classes: count }), { axis: 3 })
  const blockOfKey = Int32Array.from({ length: keyLength }, (_, key) => Math.floor(key / selectionBlock))
  return less(0, repeatKeyHeads(gather(chosen, device.tensor(blockOfKey), { axis: 3 }), heads))
}
