import type { HeadSteps, Product, Steps } from './compute-steps.ts'
import type { LessonNumbers } from './lesson-numbers.ts'

/** The tables whose cells are computed. */
export type ComputedTable =
  | 'query'
  | 'key'
  | 'value'
  | 'scores'
  | 'scaled'
  | 'masked'
  | 'weights'
  | 'output'
  | 'joined'
  | 'projected'

/** A computed cell that somebody wants explained. */
export interface ChosenCell {
  readonly table: ComputedTable
  readonly head: number
  readonly row: number
  readonly column: number
}

/** A dot product, number by number. */
export interface DotProduct {
  readonly terms: readonly { readonly left: number; readonly right: number; readonly product: number }[]
  readonly sum: number
}

/** The dot product behind a cell; `undefined` for cells that are made otherwise. */
export function dotProductOf(cell: ChosenCell, numbers: LessonNumbers, steps: Steps): DotProduct | undefined {
  const head = steps.heads[cell.head]
  const { row, column } = cell
  switch (cell.table) {
    case 'query':
    case 'key':
    case 'value': {
      const weights = numbers[`${cell.table}Weights`]
      return read(
        steps[cell.table],
        cell,
        numbers.inputs[row],
        weights.map((each) => each[column]!),
      )
    }
    case 'scores':
      return head && read(head.scores, cell, rowOf(head.query, row), rowOf(head.key, column))
    case 'output':
      return head && read(head.output, cell, rowOf(head.weights, row), columnOf(head.value, column))
    case 'projected':
      return (
        steps.projected &&
        read(
          steps.projected,
          cell,
          rowOf(steps.joined, row),
          numbers.outputWeights.map((each) => each[column]!),
        )
      )
    default:
      return undefined
  }
}

function read(
  product: Product,
  { row, column }: ChosenCell,
  left: readonly number[] | undefined,
  right: readonly number[],
): DotProduct | undefined {
  // The numbers may be newer than what was computed from them, and of another size.
  if (!left || left.length !== right.length || row >= product.rows || column >= product.columns)
    return undefined
  const place = row * product.columns + column
  const terms = rowOf(product.terms, place)
  if (terms.length !== left.length) return undefined
  return {
    terms: left.map((number, index) => ({ left: number, right: right[index]!, product: terms[index]! })),
    sum: product.values[place]!,
  }
}

export function rowOf({ columns, values }: HeadSteps['query'], row: number): readonly number[] {
  return [...values.subarray(row * columns, (row + 1) * columns)]
}

function columnOf({ rows, columns, values }: HeadSteps['query'], column: number): readonly number[] {
  return Array.from({ length: rows }, (_, row) => values[row * columns + column]!)
}
