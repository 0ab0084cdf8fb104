import { equal, reshape, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import { keyPositions, queryPositions } from '../pair-positions.ts'
import type { Mask } from './mask.ts'

type Lengths = Pick<AttentionContext, 'device' | 'queryStart' | 'queryLength' | 'keyLength'>

/** The key at a query's own position: `bool` `[query, key]`. */
export function ownPosition(lengths: Lengths): Tensor {
  return equal(queryPositions(lengths), keyPositions(lengths))
}

/** Keys at a whole number of `period`s from the query: a `bool` tensor `[query, key]`. */
export function everyOther({ device, queryStart, queryLength, keyLength }: Lengths, period: number): Mask {
  const remainders = (start: number, length: number): Int32Array =>
    Int32Array.from({ length }, (_, index) => (start + index) % period)
  const queries = device.tensor(remainders(queryStart, queryLength), { shape: [queryLength, 1] })
  return { kind: 'tensor', keep: equal(queries, device.tensor(remainders(0, keyLength))) }
}

/** Flags of keys or of queries, `[batch, length]`, as a mask of all that is theirs. */
export function columnMask(flags: Tensor): Mask {
  const [batch, keys] = flags.shape as [number, number]
  return { kind: 'tensor', keep: reshape(flags, [batch, 1, 1, keys]) }
}

export function rowMask(flags: Tensor): Mask {
  const [batch, queries] = flags.shape as [number, number]
  return { kind: 'tensor', keep: reshape(flags, [batch, 1, queries, 1]) }
}
