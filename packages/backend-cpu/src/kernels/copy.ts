import { bytesPerElement, isContiguous, type OpInput, sizeOf, stridesOf } from '@qkv/tensor'
import type { KernelTable } from '../kernel.ts'
import type { Arena, CpuBuffer } from '../memory/arena.ts'
import { mergeAxes, outerCount, outerOffset } from '../merge-axes.ts'

/** Rows at least this long are moved by the engine, which takes longer to start and less per element. */
const longRow = 64
/** The side of the tiles of a transposition: their lines fit the first cache, on both sides. */
const tile = 16

export const copyKernels: KernelTable = {
  'qkv/copy': { run: (call, arena) => [copyDense(call.inputs[0]!, arena)], readsStrides: true },
}

/** A dense copy of an input of any layout. */
export function copyDense(input: OpInput, arena: Arena): CpuBuffer {
  const out = arena.allocate(input.spec)
  copyInto(arena, out.address, input)
  return out
}

/** Copies an input of any layout to consecutive elements from the byte `target` on. */
export function copyInto(arena: Arena, target: number, { handle, spec, layout }: OpInput): void {
  const width = bytesPerElement[spec.dtype]
  const source = (handle as CpuBuffer).address + layout.offset * width
  copyElements(arena, width, target, stridesOf(spec.shape), source, layout.strides, spec.shape)
}

/**
 * Copies elements of `width` bytes between two places that do not overlap, given by the byte of their first element and
 * their strides in elements.
 */
export type CopyElements = (
  arena: Arena,
  width: number,
  target: number,
  targetStrides: readonly number[],
  source: number,
  sourceStrides: readonly number[],
  shape: readonly number[],
) => void

/** Bits move as integers: no conversion, and NaNs keep their payload. */
export const copyElements: CopyElements = (
  { heap },
  width,
  target,
  targetStrides,
  source,
  sourceStrides,
  shape,
) => {
  const size = sizeOf(shape)
  if (size === 0) return
  if (isContiguous(shape, sourceStrides) && isContiguous(shape, targetStrides)) {
    heap.uint8.copyWithin(target, source, source + Math.ceil(size * width))
    return
  }
  const view = width === 4 ? heap.int32 : width === 2 ? heap.uint16 : heap.uint8
  const { shape: merged, strides } = mergeAxes(shape, [targetStrides, sourceStrides])
  const [to, from] = strides as [readonly number[], readonly number[]]
  const row = merged.length - 2
  const count = outerCount(merged)
  for (let index = 0; index < count; index++) {
    copyMatrix(
      view,
      target / width + outerOffset(merged, to, index),
      to[row]!,
      to[row + 1]!,
      source / width + outerOffset(merged, from, index),
      from[row]!,
      from[row + 1]!,
      merged[row]!,
      merged[row + 1]!,
    )
  }
}

function copyMatrix(
  view: Int32Array | Uint16Array | Uint8Array,
  target: number,
  targetRow: number,
  targetColumn: number,
  source: number,
  sourceRow: number,
  sourceColumn: number,
  rows: number,
  columns: number,
): void {
  if (sourceColumn === 1 && targetColumn === 1 && columns >= longRow) {
    for (let row = 0; row < rows; row++) {
      const from = source + row * sourceRow
      view.copyWithin(target + row * targetRow, from, from + columns)
    }
  } else if (!(view instanceof Int32Array)) {
    copyNarrow(view, target, targetRow, targetColumn, source, sourceRow, sourceColumn, rows, columns)
  } else if (Math.abs(sourceColumn) > Math.abs(sourceRow) && sourceRow !== 0) {
    for (let top = 0; top < rows; top += tile) {
      for (let left = 0; left < columns; left += tile) {
        copyWords(
          view,
          target + top * targetRow + left * targetColumn,
          targetRow,
          targetColumn,
          source + top * sourceRow + left * sourceColumn,
          sourceRow,
          sourceColumn,
          Math.min(tile, rows - top),
          Math.min(tile, columns - left),
        )
      }
    }
  } else copyWords(view, target, targetRow, targetColumn, source, sourceRow, sourceColumn, rows, columns)
}

function copyWords(
  heap: Int32Array,
  target: number,
  targetRow: number,
  targetColumn: number,
  source: number,
  sourceRow: number,
  sourceColumn: number,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let to = target
    let from = source
    for (let column = 0; column < columns; column = (column + 1) | 0) {
      heap[to] = heap[from]!
      to = (to + targetColumn) | 0
      from = (from + sourceColumn) | 0
    }
    target = (target + targetRow) | 0
    source = (source + sourceRow) | 0
  }
}

/** Addresses of bytes pass 2^31: no 32-bit wrapping here. */
function copyNarrow(
  view: Uint16Array | Uint8Array,
  target: number,
  targetRow: number,
  targetColumn: number,
  source: number,
  sourceRow: number,
  sourceColumn: number,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    const to = target + row * targetRow
    const from = source + row * sourceRow
    for (let column = 0; column < columns; column++) {
      view[to + column * targetColumn] = view[from + column * sourceColumn]!
    }
  }
}
