import { addressOf, expect, longestTask, reportFigure } from '@qkv/end-to-end'
import { quantile } from 'qkv/bench'
import { test, waitUntilTranslated } from './site.ts'

const shortSentences = ['我爱你。', '今天天气很好。', '你会说英语吗？']

test('short sentences', async ({ page }) => {
  await page.goto(addressOf('translation-demo'))
  await waitUntilTranslated(page)
  const facts = page.locator('.facts')
  const times: number[] = []
  const { clock } = await longestTask(page, async () => {
    for (let round = 0; round < 5; round++) {
      for (const text of shortSentences) {
        await page.getByRole('button', { name: text }).click()
        await waitUntilTranslated(page)
        const [, seconds] = /Beam of 4: ([\d.]+) s/.exec(await facts.innerText())!
        times.push(Number(seconds) * 1000)
      }
    }
  })
  expect(times).toHaveLength(15)
  reportFigure({
    name: 'translation: short sentence, beam of 4',
    value: quantile(times, 0.5),
    unit: 'ms',
    goal: 300,
  })
  reportFigure({ name: 'translation: longest task of the page', value: clock, unit: 'ms', goal: 50 })
})
