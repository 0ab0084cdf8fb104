import type { Layout } from '@qkv/tensor'
import type { GpuHandle } from '../../memory/arena.ts'

/** Matrices in one buffer, as a product reads them. */
export interface Matrix {
  readonly handle: GpuHandle
  readonly offset: number
  /** Steps from row to row, and from column to column. */
  readonly rowStride: number
  readonly columnStride: number
  /** Steps along the axes of the batch; 0 where all share a matrix. */
  readonly batchStrides: readonly number[]
}

/** The last two axes of a tensor as rows and columns. */
export function matrixOf(handle: GpuHandle, { strides, offset }: Layout): Matrix {
  return {
    handle,
    offset,
    rowStride: strides.at(-2)!,
    columnStride: strides.at(-1)!,
    batchStrides: strides.slice(0, -2),
  }
}

/** The same matrices with rows and columns exchanged. */
export function transposed(matrix: Matrix): Matrix {
  return { ...matrix, rowStride: matrix.columnStride, columnStride: matrix.rowStride }
}

/**
 * How a kernel reads a matrix: four neighbours of a row or of a column as one vector, or each element by its strides.
 */
export type Reading = 'rows' | 'columns' | 'strided'

/** `rows` where vectors along rows can be read, `columns` where those along columns can. */
export function readingOf(matrix: Matrix, rows: number, columns: number): Reading {
  const { offset, rowStride, columnStride, batchStrides } = matrix
  const aligned = (...numbers: readonly number[]): boolean =>
    numbers.every((number) => number % 4 === 0) &&
    [offset, ...batchStrides].every((number) => number % 4 === 0)
  if (columnStride === 1 && aligned(rowStride, columns)) return 'rows'
  if (rowStride === 1 && aligned(columnStride, rows)) return 'columns'
  return 'strided'
}
