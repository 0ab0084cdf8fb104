import type { Device } from '@qkv/tensor'
import { sampleValues } from '../conformance/sample-values.ts'
import type { Projected } from '../part.ts'
import type { Rows } from './by-loops.test-helper.ts'

/** Query, key and value as tensors, and the same as plain rows for loops that are written from a formula. */
export interface SampleProjections {
  inputs(device: Device): Projected
  /** What `keyInput` is for one entry of the batch: the keys of all heads side by side. */
  keyInput(batch: number): Rows
  /** What `queryInput` is. */
  queryInput(batch: number): Rows
  /** The outputs of all heads in order, each from its own rows; query heads that share a key head get the same keys. */
  perHead(
    compute: (
      query: Rows,
      key: Rows,
      value: Rows,
      at: { readonly batch: number; readonly head: number },
    ) => Rows,
  ): number[]
}

/** Deterministic projections; one key head per query head, as many keys as queries, and values of the key's size unless said. */
export function sampleProjections(sizes: {
  readonly batch?: number
  readonly heads: number
  readonly keyHeads?: number
  readonly queries: number
  readonly keys?: number
  readonly size: number
  readonly valueSize?: number
}): SampleProjections {
  const { batch = 2, heads, keyHeads = heads, queries, keys = queries, size, valueSize = size } = sizes
  const make = (heads: number, length: number, size: number, seed: number) => ({
    shape: [batch, heads, length, size],
    values: sampleValues(batch * heads * length * size, seed).map((value) => 2 * value),
    rows: (index: number, values: readonly number[]): number[][] =>
      Array.from({ length }, (_, row) =>
        values.slice((index * length + row) * size, (index * length + row + 1) * size),
      ),
  })
  const query = make(heads, queries, size, 1)
  const key = make(keyHeads, keys, size, 2)
  const value = make(keyHeads, keys, valueSize, 3)
  return {
    inputs: (device) => ({
      query: device.tensor(query.values, { shape: query.shape }),
      key: device.tensor(key.values, { shape: key.shape }),
      value: device.tensor(value.values, { shape: value.shape }),
    }),
    keyInput: (entry) => sideBySide(keyHeads, (head) => key.rows(entry * keyHeads + head, key.values)),
    queryInput: (entry) => sideBySide(heads, (head) => query.rows(entry * heads + head, query.values)),
    perHead(compute) {
      return Array.from({ length: batch * heads }, (_, index) => {
        const at = { batch: Math.floor(index / heads), head: index % heads }
        const shared = at.batch * keyHeads + Math.floor((at.head * keyHeads) / heads)
        const ofKeys = [key.rows(shared, key.values), value.rows(shared, value.values)] as const
        return compute(query.rows(index, query.values), ...ofKeys, at).flat()
      }).flat()
    },
  }
}

function sideBySide(heads: number, rowsOf: (head: number) => Rows): Rows {
  const all = Array.from({ length: heads }, (_, head) => rowsOf(head))
  return all[0]!.map((_, row) => all.flatMap((rows) => rows[row]!))
}
