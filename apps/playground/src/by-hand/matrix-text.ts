import { readNumber } from '@qkv/apps-shared/components'

export type Numbers = readonly (readonly number[])[]

/** Rows and columns of any table of the lessons, at most. */
export const largestSize = 6

/** A table as a link has it: `1 0 1_0 2 0`. */
export function writeMatrix(matrix: Numbers): string {
  return matrix.map((row) => row.join(' ')).join('_')
}

/** Reads a table of a link; `undefined` unless it is one of numbers, with rows of one length. */
export function readMatrix(text: string): Numbers | undefined {
  if (text.length > 1000) return undefined
  const matrix: number[][] = []
  for (const line of text.split('_')) {
    const row: number[] = []
    for (const written of line.split(' ')) {
      const value = readNumber(written)
      if (value === undefined) return undefined
      row.push(value)
    }
    matrix.push(row)
  }
  const columns = matrix[0]!.length
  const fits =
    matrix.length <= largestSize && columns <= largestSize && matrix.every((row) => row.length === columns)
  return fits ? matrix : undefined
}

/** Cuts a table, or fills it up with zeros and ones in turns. */
export function resizeMatrix(matrix: Numbers, rows: number, columns: number): Numbers {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => matrix[row]?.[column] ?? (row + column) % 2),
  )
}

/** The table with one number changed. */
export function withNumber(matrix: Numbers, row: number, column: number, value: number): Numbers {
  return matrix.with(row, matrix[row]!.with(column, value))
}
