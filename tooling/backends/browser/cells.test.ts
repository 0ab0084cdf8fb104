import { describe } from 'vitest'
import { pageCells } from '../src/cells.ts'
import { testCell } from '../src/test-cell.ts'

for (const cell of pageCells) describe(cell.name, () => testCell(cell))
