import { bytesPerElement, type OpInput, isContiguous, sizeOf } from '@qkv/tensor'
import type { KernelTable } from '../kernel.ts'
import type { Arena, CpuBuffer } from '../memory/arena.ts'
import type { Heap } from '../memory/heap.ts'
import { mergeAxes, outerCount, outerOffset } from '../merge-axes.ts'

/** Rows at least this long are moved by the engine, which takes longer to start and less per element. */
const longRow = 64
/** Tiles of a transposition: their lines fit the first cache on both sides. */
const tile = 16

export const copyKernels: KernelTable = {
  'qkv/copy': { run: (call, arena) => [copyDense(call.inputs[0]!, arena)], readsStrides: true },
}

/** A dense copy of an input of any layout. */
export function copyDense(input: OpInput, arena: Arena): CpuBuffer {
  const { spec, layout } = input
  const out = arena.allocate(spec)
  copyInto(arena.heap, out.address, spec.shape, input, layout.strides)
  return out
}

/** Copies an input, read through `strides` as `shape`, to consecutive elements from the byte `target`. */
export function copyInto(
  heap: Heap,
  target: number,
  shape: readonly number[],
  { handle, spec, layout }: OpInput,
  strides: readonly number[],
): void {
  if (sizeOf(shape) === 0) return
  const { address } = handle as CpuBuffer
  const width = bytesPerElement[spec.dtype]
  if (isContiguous(shape, strides)) {
    const start = address + layout.offset * width
    heap.uint8.copyWithin(target, start, start + Math.ceil(sizeOf(shape) * width))
    return
  }
  // Bits move as integers: no conversion, and NaNs keep their payload.
  if (width === 4) copyStrided(heap.int32, target / 4, address / 4 + layout.offset, shape, strides)
  else if (width === 2) copyStrided(heap.uint16, target / 2, address / 2 + layout.offset, shape, strides)
  else copyStrided(heap.uint8, target, address + layout.offset, shape, strides)
}

function copyStrided(
  view: Int32Array | Uint16Array | Uint8Array,
  target: number,
  source: number,
  shape: readonly number[],
  strides: readonly number[],
): void {
  const merged = mergeAxes(shape, [strides])
  const own = merged.strides[0]!
  const rank = merged.shape.length
  const rows = merged.shape[rank - 2]!
  const columns = merged.shape[rank - 1]!
  const rowStride = own[rank - 2]!
  const columnStride = own[rank - 1]!
  const count = outerCount(merged.shape)
  for (let index = 0; index < count; index++) {
    const from = source + outerOffset(merged.shape, own, index)
    const to = target + index * rows * columns
    if (columnStride === 1 && columns >= longRow) moveRows(view, to, from, rowStride, rows, columns)
    else if (view instanceof Int32Array) {
      if (Math.abs(columnStride) > Math.abs(rowStride) && rowStride !== 0) {
        transposeWords(view, to, from, rowStride, columnStride, rows, columns)
      } else copyWords(view, to, from, rowStride, columnStride, rows, columns)
    } else copyNarrow(view, to, from, rowStride, columnStride, rows, columns)
  }
}

function moveRows(
  view: Int32Array | Uint16Array | Uint8Array,
  target: number,
  source: number,
  rowStride: number,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = source + row * rowStride
    view.copyWithin(target + row * columns, from, from + columns)
  }
}

function copyWords(
  heap: Int32Array,
  target: number,
  source: number,
  rowStride: number,
  columnStride: number,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let from = source
    for (let column = 0; column < columns; column = (column + 1) | 0) {
      heap[target] = heap[from]!
      target = (target + 1) | 0
      from = (from + columnStride) | 0
    }
    source = (source + rowStride) | 0
  }
}

function transposeWords(
  heap: Int32Array,
  target: number,
  source: number,
  rowStride: number,
  columnStride: number,
  rows: number,
  columns: number,
): void {
  for (let top = 0; top < rows; top = (top + tile) | 0) {
    const bottom = Math.min(top + tile, rows)
    for (let left = 0; left < columns; left = (left + tile) | 0) {
      const right = Math.min(left + tile, columns)
      for (let row = top; row < bottom; row = (row + 1) | 0) {
        let to = (target + Math.imul(row, columns) + left) | 0
        let from = (source + Math.imul(row, rowStride) + Math.imul(left, columnStride)) | 0
        for (let column = left; column < right; column = (column + 1) | 0) {
          heap[to] = heap[from]!
          to = (to + 1) | 0
          from = (from + columnStride) | 0
        }
      }
    }
  }
}

/** Byte addresses pass 2^31: no 32-bit wrapping here. */
function copyNarrow(
  view: Uint16Array | Uint8Array,
  target: number,
  source: number,
  rowStride: number,
  columnStride: number,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    let from = source + row * rowStride
    for (let column = 0; column < columns; column++) {
      view[target] = view[from]!
      target += 1
      from += columnStride
    }
  }
}
