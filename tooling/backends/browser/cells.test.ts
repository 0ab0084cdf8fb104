import { describe } from 'vitest'
import { pageCells } from '../src/cells.ts'
import { testCell } from '../src/test-cell.ts'

describe.each(pageCells)('$name', (cell) => {
  testCell(cell)
})
