import type { LessonSizes } from './attention-state.ts'
import type { ChosenCell, ComputedTable } from './chosen-cell.ts'
import type { LessonNumbers } from './lesson-numbers.ts'

/** A row or a column of a table that the explained cell is made from. */
export interface Mark {
  readonly row?: number
  readonly column?: number
  /** The head whose table it is, where each has one. */
  readonly head?: number
}

/** Marks by table; tables of heads have those of the explained head. */
export type Marks = {
  readonly [
    Name in keyof LessonNumbers | ComputedTable | 'headQuery' | 'headKey' | 'headValue' | 'beforeSoftmax'
  ]?: Mark
}

/** What the explained cell is made from. */
export function marksFor(cell: ChosenCell | undefined, { heads }: LessonSizes): Marks {
  if (!cell) return {}
  const { table, head, row, column } = cell
  switch (table) {
    case 'query':
    case 'key':
    case 'value':
      return { inputs: { row }, [`${table}Weights`]: { column } }
    case 'scores':
      // With more heads, rows of the whole tables would point at too much.
      return heads === 1
        ? { query: { row }, key: { row: column } }
        : { headQuery: { row, head }, headKey: { row: column, head } }
    case 'weights':
      return { beforeSoftmax: { row, head } }
    case 'output':
      return { weights: { row, head } }
    case 'projected':
      return { joined: { row }, outputWeights: { column } }
    default:
      return {}
  }
}
