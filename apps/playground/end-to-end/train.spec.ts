import { chooseLanguage, chooseTheme, expect, languages, longestTask, test } from '@qkv/end-to-end'
import { button, openTrain, trainToTheEnd } from './train-page.ts'

const small = 'width=32&heads=2&layers=1&longest=7&steps=60'
const screenshots = process.env['QKV_SCREENSHOTS']

for (const language of languages) {
  for (const theme of ['light', 'dark'] as const) {
    test(`anybody can use it in ${language}, ${theme}`, async ({ page, checkAccessibility }) => {
      await openTrain(page, small)
      await chooseTheme(page, theme)
      await checkAccessibility()
      await button(page, 'Start training').click()
      await trainToTheEnd(page)
      await page.getByText('Evaluations as a table').click()
      await chooseLanguage(page, language)
      const title = language === 'zh' ? '动手训练' : 'Train here'
      await expect(page.getByRole('heading', { level: 2 })).toHaveText(title)
      await checkAccessibility()
      if (screenshots !== undefined)
        await page.screenshot({ path: `${screenshots}/train-${language}-${theme}.png`, fullPage: true })
      await page.setViewportSize({ width: 390, height: 844 })
      // What is drawn follows the size of the page a frame later.
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
      await checkAccessibility()
      if (screenshots !== undefined)
        await page.screenshot({ path: `${screenshots}/train-${language}-${theme}-phone.png`, fullPage: true })
    })
  }
}

test('works with the keyboard alone, and speaks only when something begins or ends', async ({ page }) => {
  await openTrain(page, small)
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    const region = document.querySelector('[role=status]')!
    new MutationObserver(() => said.push(region.textContent)).observe(region, {
      characterData: true,
      childList: true,
      subtree: true,
    })
  })
  // A button that is not enabled yet would not take the focus.
  await expect(button(page, 'Start training')).toBeEnabled()
  await button(page, 'Start training').focus()
  await page.keyboard.press('Enter')
  await trainToTheEnd(page)
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
  expect(said.length).toBeLessThanOrEqual(4)
  await page.getByRole('group', { name: 'Head' }).getByRole('button', { name: 'Head 2' }).focus()
  await page.keyboard.press('Space')
  await expect(page.getByRole('grid', { name: 'Cross-attention, layer 1, head 2' })).toBeVisible()
})

test('each row of the map sums to 1, and the map changes as the model learns', async ({ page }) => {
  await openTrain(page, `${small}&seed=7`)
  await button(page, 'One step').click()
  await expect(page.getByRole('status')).toHaveText('Paused at step 1.')
  const map = page.locator('figure').filter({ has: page.getByRole('grid') })
  await map.getByText('As a table').click()
  const read = async (): Promise<number[][]> => {
    const rows = await map.getByRole('table').locator('tbody tr').all()
    return Promise.all(
      rows.map(async (row) => (await row.locator('td').allInnerTexts()).map((cell) => Number(cell))),
    )
  }
  const before = await read()
  await button(page, 'Resume').click()
  await trainToTheEnd(page)
  const after = await read()
  for (const row of [...before, ...after])
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2)
  expect(after).not.toEqual(before)
})

test('marks are those of the answers beside them', async ({ page }) => {
  await openTrain(page, `${small}&task=copy`)
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  const rows = await page.getByTestId('samples').locator('tbody tr').all()
  expect(rows.length).toBe(8)
  for (const row of rows) {
    const [mark, given, written, expected] = await row.locator('td').allInnerTexts()
    expect(expected).toBe(given)
    expect(mark).toContain(written === expected ? 'right' : 'wrong')
  }
})

test('the page is never busy for more than 50 ms at a time while it trains', async ({ page }) => {
  await openTrain(page, 'steps=200')
  const { processor } = await longestTask(page, async () => {
    await button(page, 'Start training').click()
    await trainToTheEnd(page)
  })
  expect(processor).toBeLessThanOrEqual(50)
})
