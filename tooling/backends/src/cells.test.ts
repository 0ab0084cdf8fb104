import { openDevice } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { nodeCells } from './cells.ts'
import { onDemandCells, whyNotOnDemand } from './on-demand-cells.ts'
import { testCell } from './test-cell.ts'

const cells = whyNotOnDemand === undefined ? [...nodeCells, ...onDemandCells] : nodeCells

describe.each(cells)('$name', (cell) => {
  testCell(cell)
})

test.for(onDemandCells)('$name is there', async ({ plugin }, { skip }) => {
  skip(whyNotOnDemand !== undefined, whyNotOnDemand)
  const device = await openDevice({ backend: plugin })
  expect(device.name).toBe(plugin.name)
  await device.dispose()
})
