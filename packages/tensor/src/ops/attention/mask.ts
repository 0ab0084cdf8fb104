import type { Device } from '../../device.ts'
import type { Tensor } from '../../tensor.ts'
import { add } from '../add.ts'
import { full } from '../full.ts'
import { gather } from '../gather.ts'
import { iota } from '../iota.ts'
import { less } from '../less.ts'
import { reshape } from '../reshape.ts'
import { sub } from '../sub.ts'
import { where } from '../where.ts'
import { checkBlockTables } from './check-block-tables.ts'

/**
 * Which keys a query may attend to, as plain data: it can be drawn, stored, sent to a worker and fused.
 *
 * Positions count from 0; `queryStart` shifts those of the queries when earlier keys are cached.
 */
export type AttentionMask =
  /** Every key: "no mask" is a value. */
  | { readonly kind: 'all' }
  /** Keys up to the query's own position. */
  | { readonly kind: 'causal' }
  /** Keys from `left` before the query to `right` after it, and the first `sinks` keys. */
  | { readonly kind: 'window'; readonly left: number; readonly right: number; readonly sinks?: number }
  /** Blocks of `size` positions: `table[queryBlock][keyBlock]` is 1 where the block may be attended to. */
  | { readonly kind: 'blocks'; readonly size: number; readonly table: readonly (readonly number[])[] }
  /** The mask tensor number `input` of the call: `bool`, broadcasts to `[batch, heads, query, key]`, true keeps. */
  | { readonly kind: 'tensor'; readonly input: number }
  | { readonly kind: 'and' | 'or'; readonly of: readonly AttentionMask[] }

/** How many keys and queries there are, and where the queries start. */
export interface MaskContext {
  readonly device: Device
  readonly queryLength: number
  readonly keyLength: number
  /** Position of the first query. */
  readonly queryStart: number
  readonly tensors: readonly Tensor[]
}

/** The mask as a `bool` tensor that broadcasts to `[batch, heads, query, key]`; `undefined` when it keeps every key. */
export function maskTensor(mask: AttentionMask, context: MaskContext): Tensor | undefined {
  switch (mask.kind) {
    case 'all':
      return undefined
    case 'tensor':
      return context.tensors[mask.input]!
    case 'causal':
      return not(less(queryPositions(context), keyPositions(context)))
    case 'window':
      return windowTensor(mask.left, mask.right, mask.sinks ?? 0, context)
    case 'blocks':
      return blockTensor(mask, context)
    case 'and':
      return mask.of
        .map((part) => maskTensor(part, context))
        .reduce((kept, part) => (kept && part ? where(kept, part, false) : (kept ?? part)), undefined)
    case 'or': {
      const parts = mask.of.map((part) => maskTensor(part, context))
      return parts.includes(undefined)
        ? undefined
        : parts.reduce((kept, part) => (kept && part ? where(kept, true, part) : part))
    }
  }
}

/** `[query, 1]`, int32. */
function queryPositions({ device, queryLength, queryStart }: MaskContext): Tensor {
  return add(iota(device, [queryLength, 1], { axis: 0, dtype: 'int32' }), queryStart)
}

/** `[1, key]`, int32. */
function keyPositions({ device, keyLength }: MaskContext): Tensor {
  return iota(device, [1, keyLength], { axis: 1, dtype: 'int32' })
}

function not(condition: Tensor): Tensor {
  return where(condition, false, true)
}

function windowTensor(left: number, right: number, sinks: number, context: MaskContext): Tensor {
  const keys = keyPositions(context)
  const distance = sub(queryPositions(context), keys)
  // An infinite width would be 0 as a whole number.
  const [before, after] = [left, right].map((width) => Math.min(width, 2 ** 30)) as [number, number]
  const inside = where(less(before, distance), false, not(less(distance, -after)))
  return sinks > 0 ? where(less(keys, sinks), true, inside) : inside
}

function blockTensor(
  mask: Extract<AttentionMask, { readonly kind: 'blocks' }>,
  { device, queryLength, keyLength, queryStart }: MaskContext,
): Tensor {
  checkBlockTables(mask, { queryStart, queries: queryLength, keys: keyLength })
  const { size, table } = mask
  const flags = device.tensor(new Int32Array(table.flat()), { shape: [table.length, table[0]?.length ?? 0] })
  const blockOf = (start: number, length: number): Tensor =>
    device.tensor(Int32Array.from({ length }, (_, index) => Math.floor((start + index) / size)))
  const rows = gather(flags, blockOf(queryStart, queryLength), { axis: 0 })
  const kept = gather(rows, blockOf(0, keyLength), { axis: 1 })
  return less(full(device, [], 0, { dtype: 'int32' }), kept)
}

/** The keys before each batch entry's length: `bool` `[batch, 1, 1, key]` from int32 `[batch]`. */
export function keyLengthTensor(keyLengths: Tensor, keyLength: number): Tensor {
  const keys = iota(keyLengths.device, [1, 1, 1, keyLength], { axis: 3, dtype: 'int32' })
  return less(keys, reshape(keyLengths, [keyLengths.shape[0]!, 1, 1, 1]))
}
