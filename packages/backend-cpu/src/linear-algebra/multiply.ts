import type { Heap } from '../memory/heap.ts'
import { multiplyDirect } from './multiply-direct.ts'
import { multiplyTile } from './multiply-tile.ts'
import { packColumns, packRows } from './pack-panels.ts'

/** A matrix of `float32` in the heap. */
export interface MatrixView {
  /** Index of its first element. */
  start: number
  readonly rowStride: number
  readonly columnStride: number
}

/** Packed columns that are multiplied with all rows before the next are packed: they stay in the second cache. */
const blockBytes = 2 ** 19
/** Up to this many rows, or columns, packing costs more than it saves. */
const fewVectors = 4

const tileRows = 2
const tileColumns = 4

/** How much working space a product needs, of any number of rows. */
export function productScratchBytes(inner: number, columns: number): number {
  const panelBytes = 8 * tileColumns * (inner + 1)
  const panels = Math.ceil(columns / tileColumns)
  return (
    8 * tileRows * (tileColumns + inner) + Math.min(panels * panelBytes, Math.max(panelBytes, blockBytes))
  )
}

function blockColumns(inner: number): number {
  return tileColumns * Math.max(1, Math.floor(blockBytes / (8 * tileColumns * (inner + 1))))
}

/**
 * Writes `left` `[rows, inner]` times `right` `[inner, columns]`, plus the bias `[columns]` at index `bias` unless that is
 * negative, densely from the index `target` on. `scratch` is the index in doubles of the working space.
 */
export function multiplyMatrices(
  heap: Heap,
  scratch: number,
  left: MatrixView,
  right: MatrixView,
  bias: number,
  target: number,
  rows: number,
  inner: number,
  columns: number,
): void {
  const { float32 } = heap
  if (rows <= fewVectors) {
    multiplyDirect(float32, left, right, bias, target, columns, 1, rows, inner, columns)
    return
  }
  if (columns <= fewVectors && bias < 0) {
    multiplyDirect(
      float32,
      transposed(right),
      transposed(left),
      bias,
      target,
      1,
      columns,
      columns,
      inner,
      rows,
    )
    return
  }
  multiplyPacked(heap, scratch, left, right, bias, target, rows, inner, columns, false)
}

/** The same, without bias, added to what lies at `target`. */
export function addProduct(
  heap: Heap,
  scratch: number,
  left: MatrixView,
  right: MatrixView,
  target: number,
  rows: number,
  inner: number,
  columns: number,
): void {
  multiplyPacked(heap, scratch, left, right, -1, target, rows, inner, columns, true)
}

/**
 * Panels are packed as doubles: the conversion is paid once per element and not once per product, and the sums are
 * exact to float32.
 */
function multiplyPacked(
  { float32, float64 }: Heap,
  scratch: number,
  left: MatrixView,
  right: MatrixView,
  bias: number,
  target: number,
  rows: number,
  inner: number,
  columns: number,
  adds: boolean,
): void {
  const block = blockColumns(inner)
  const edge = 2 * scratch
  const pair = scratch + tileRows * tileColumns
  const panels = pair + tileRows * inner
  for (let first = 0; first < columns; first += block) {
    const width = Math.min(block, columns - first)
    const start = right.start + first * right.columnStride
    const blockBias = bias < 0 ? bias : bias + first
    packColumns(float32, start, right.columnStride, right.rowStride, width, inner, blockBias, float64, panels)
    for (let row = 0; row < rows; row += tileRows) {
      const height = Math.min(tileRows, rows - row)
      const upper = left.start + row * left.rowStride
      const lower = upper + (height - 1) * left.rowStride
      packRows(float32, upper, lower, left.columnStride, inner, float64, pair)
      for (let column = 0; column < width; column += tileColumns) {
        const panel = panels + column * (inner + 1)
        const place = target + row * columns + first + column
        if (!adds && height === tileRows && width - column >= tileColumns) {
          multiplyTile(float64, pair, panel, inner, float32, place, columns)
        } else {
          multiplyTile(float64, pair, panel, inner, float32, edge, tileColumns)
          const visible = Math.min(tileColumns, width - column)
          if (adds) addTile(float32, edge, place, columns, height, visible)
          else copyTile(float32, edge, place, columns, height, visible)
        }
      }
    }
  }
}

/** The part of a tile that lies inside the product. */
function copyTile(
  heap: Float32Array,
  edge: number,
  target: number,
  rowStride: number,
  height: number,
  width: number,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      heap[target + row * rowStride + column] = heap[edge + row * tileColumns + column]!
    }
  }
}

function addTile(
  heap: Float32Array,
  edge: number,
  target: number,
  rowStride: number,
  height: number,
  width: number,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const place = target + row * rowStride + column
      heap[place] = heap[place]! + heap[edge + row * tileColumns + column]!
    }
  }
}

function transposed({ start, rowStride, columnStride }: MatrixView): MatrixView {
  return { start, rowStride: columnStride, columnStride: rowStride }
}
