import { longestTask, reportFigure } from '@qkv/end-to-end'
import { open, test, useInspector } from './inspector-page.ts'

test('looking at heads', async ({ page }) => {
  const { clock } = await longestTask(page, async () => {
    await open(page)
    await useInspector(page)
  })
  reportFigure({ name: 'inspector: longest task, opening it included', value: clock, unit: 'ms', goal: 50 })
})
