import { describe, test } from 'vitest'
import { nodeCells } from './cells.ts'
import { onDemandCells, whyNotOnDemand } from './on-demand-cells.ts'
import { testCell } from './test-cell.ts'

const cells = whyNotOnDemand === undefined ? [...nodeCells, ...onDemandCells] : nodeCells

describe.each(cells)('$name', (cell) => {
  testCell(cell)
})

test.for(whyNotOnDemand === undefined ? [] : onDemandCells)('$name', (_, { skip }) => {
  skip(whyNotOnDemand)
})
