import type { Heap } from '../memory/heap.ts'
import { multiplyTile, tileColumns, tileRows } from './multiply-tile.ts'
import { packPanels } from './pack-panels.ts'

/** A matrix of `float32` in the heap. */
export interface MatrixView {
  /** Index of its first element. */
  start: number
  readonly rowStride: number
  readonly columnStride: number
}

/** Packed columns that are multiplied with all rows before the next ones are packed: they stay in the second cache. */
const blockBytes = 2 ** 19

/** How much working space `multiplyMatrices` needs. */
export function multiplyScratchBytes(inner: number, columns: number): number {
  const panels = Math.min(Math.ceil(columns / tileColumns), blockPanels(inner))
  return 8 * (inner * (panels * tileColumns + tileRows) + tileRows * tileColumns)
}

function blockPanels(inner: number): number {
  return Math.max(1, Math.floor(blockBytes / (8 * tileColumns * Math.max(inner, 1))))
}

/**
 * Writes the dense product of `left` `[rows, inner]` and `right` `[inner, columns]` from `target` on. Panels are packed
 * as doubles: the conversion is paid once per element, not once per product, and sums are exact to float32.
 */
export function multiplyMatrices(
  heap: Heap,
  scratch: number,
  left: MatrixView,
  right: MatrixView,
  target: number,
  rows: number,
  inner: number,
  columns: number,
): void {
  const { float32, float64 } = heap
  const block = blockPanels(inner) * tileColumns
  const edge = scratch
  const rowPanel = edge + tileRows * tileColumns
  const columnPanels = rowPanel + inner * tileRows
  for (let first = 0; first < columns; first += block) {
    const width = Math.min(block, columns - first)
    const start = right.start + first * right.columnStride
    packPanels(
      float32,
      start,
      right.columnStride,
      right.rowStride,
      width,
      inner,
      float64,
      columnPanels,
      tileColumns,
    )
    for (let row = 0; row < rows; row += tileRows) {
      const height = Math.min(tileRows, rows - row)
      const rowStart = left.start + row * left.rowStride
      packPanels(
        float32,
        rowStart,
        left.rowStride,
        left.columnStride,
        height,
        inner,
        float64,
        rowPanel,
        tileRows,
      )
      for (let column = 0; column < width; column += tileColumns) {
        const panel = columnPanels + column * inner
        const place = target + row * columns + first + column
        const visible = Math.min(tileColumns, width - column)
        if (height === tileRows && visible === tileColumns) {
          multiplyTile(float64, rowPanel, panel, inner, float32, place, columns)
          continue
        }
        multiplyTile(float64, rowPanel, panel, inner, float64, edge, tileColumns)
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < visible; x++) {
            float32[place + y * columns + x] = float64[edge + y * tileColumns + x]!
          }
        }
      }
    }
  }
}
