import { expect, longestTask, reportFigure, test } from '@qkv/end-to-end'
import { button, evaluationsOf, openTrain, trainToTheEnd } from './train-page.ts'

for (const task of ['reverse', 'phrase-book']) {
  test(`training: ${task}`, async ({ page }) => {
    await openTrain(page, `task=${task}`)
    const started = performance.now()
    const { clock } = await longestTask(page, async () => {
      await button(page, 'Start training').click()
      await trainToTheEnd(page)
    })
    const seconds = (performance.now() - started) / 1000
    const last = (await evaluationsOf(page)).at(-1)!
    expect(last).toHaveLength(4)
    const speed = Number((await page.getByTestId('speed').innerText()).replaceAll(',', ''))
    reportFigure({ name: `train here: ${task}, all steps`, value: seconds, unit: 's' })
    reportFigure({ name: `train here: ${task}, exact match`, value: Number.parseFloat(last[3]!), unit: '%' })
    reportFigure({ name: `train here: ${task}, speed`, value: speed, unit: 'tokens/s' })
    reportFigure({
      name: `train here: ${task}, longest task of the page`,
      value: clock,
      unit: 'ms',
      goal: 50,
    })
  })
}
