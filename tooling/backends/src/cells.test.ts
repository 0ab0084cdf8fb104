import { describe } from 'vitest'
import { nodeCells } from './cells.ts'
import { testCell } from './test-cell.ts'

describe.each(nodeCells)('$name', (cell) => {
  testCell(cell)
})
