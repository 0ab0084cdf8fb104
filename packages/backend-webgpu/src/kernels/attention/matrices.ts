import type { Layout, OpInput } from '@qkv/tensor'
import type { GpuHandle } from '../../memory/arena.ts'
import type { Matrix } from '../matmul/matrix.ts'
import type { Epilogue } from '../matmul/epilogue.ts'

/** A `[batch, heads, rows, columns]` of any strides. */
export type HeadRows = Pick<OpInput, 'handle' | 'layout'>

/** One matrix per query head, for products over the batch `[batch, keyHeads, group]`. */
export function perHead({ handle, layout }: HeadRows, group: number): Matrix {
  const { strides, offset } = layout
  const [entry, head, row, column] = strides as readonly [number, number, number, number]
  return {
    handle: handle as GpuHandle,
    offset,
    rowStride: row,
    columnStride: column,
    batchStrides: [entry, head * group, head],
  }
}

/** One matrix per key head, which the query heads of its group share. */
export function perKeyHead({ handle, layout }: HeadRows): Matrix {
  const [entry, head, row, column] = layout.strides as readonly [number, number, number, number]
  return {
    handle: handle as GpuHandle,
    offset: layout.offset,
    rowStride: row,
    columnStride: column,
    batchStrides: [entry, head, 0],
  }
}

/** The rows of all query heads of a group as one matrix per key head; `undefined` when no strides can express it. */
export function perGroup({ handle, layout }: HeadRows, group: number, queries: number): Matrix | undefined {
  const { strides, offset } = layout
  const [entry, head, row, column] = strides as readonly [number, number, number, number]
  if (group > 1 && queries > 1 && head !== row * queries) return undefined
  const rowStride = queries > 1 ? row : head
  return {
    handle: handle as GpuHandle,
    offset,
    rowStride,
    columnStride: column,
    batchStrides: [entry, head * group],
  }
}

/** The layout of a dense `[batch, heads, rows, columns]`. */
export function denseLayout(heads: number, rows: number, columns: number): Layout {
  return { strides: [heads * rows * columns, rows * columns, columns, 1], offset: 0 }
}

/** Where rows from `first` on lie in a dense `[batch, heads, rows, columns]`. */
export function rowsPlace(first: number, rows: number, columns: number): NonNullable<Epilogue['place']> {
  return { offset: first * columns, stride: rows * columns }
}
