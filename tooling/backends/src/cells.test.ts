import { describe } from 'vitest'
import { nodeCells } from './cells.ts'
import { testCell } from './test-cell.ts'

for (const cell of nodeCells) describe(cell.name, () => testCell(cell))
