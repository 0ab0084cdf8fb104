import { ArgumentError, ShapeError } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../check-options.ts'
import type { PartSizes } from '../part.ts'

/** Rows and columns. */
export type Grid = readonly [height: number, width: number]

export interface GridOptions {
  /** Rows and columns of the positions, which come row by row; the smallest square for the model's maximum length unless said. */
  readonly grid?: Grid
  /** How many positions come before the grid, such as a class token; 0 unless said. */
  readonly leading?: number
}

/** Throws an `ArgumentError` for a grid that is none. */
export function checkGrid(part: string, { grid, leading }: GridOptions, argument = 'grid'): void {
  checkOptions(part, { leading }, wholeFrom(0))
  if (grid === undefined) return
  if (grid.length === 2 && grid.every((size) => Number.isInteger(size) && size > 0)) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is [${grid.join(', ')}]`,
    expected: 'rows and columns, two positive whole numbers',
    fix: `Write \`${argument}: [14, 14]\` for 14 rows of 14.`,
  })
}

export function gridOf({ grid, leading = 0 }: GridOptions, { maximumLength }: PartSizes): Grid {
  if (grid) return grid
  const side = Math.ceil(Math.sqrt(Math.max(1, maximumLength - leading)))
  return [side, side]
}

/** Throws a `ShapeError` for a position after the last one of the grid. */
export function checkGridPositions(
  part: string,
  argument: string,
  range: {
    readonly start: number
    readonly length: number
    readonly grid: Grid
    readonly leading?: number | undefined
  },
): void {
  const { start, length, grid, leading = 0 } = range
  const [height, width] = grid
  if (start + length <= leading + height * width) return
  throw new ShapeError({
    operation: part,
    argument,
    got: `reaches position ${start + length - 1}`,
    expected: `positions below ${leading + height * width}, for ${leading} leading ones and a grid of ${height} x ${width}`,
    fix: 'Give the `grid` of these sequences, and how many `leading` positions come before it.',
  })
}

/** Row and column of each position; those before the grid are where it begins. */
export function gridCoordinates(
  [height, width]: Grid,
  leading: number,
): { readonly rows: readonly number[]; readonly columns: readonly number[] } {
  const cells = Array.from({ length: leading + height * width }, (_, index) => Math.max(0, index - leading))
  return { rows: cells.map((cell) => Math.floor(cell / width)), columns: cells.map((cell) => cell % width) }
}
