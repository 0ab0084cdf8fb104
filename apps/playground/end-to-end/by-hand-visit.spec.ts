import { addressOf, chooseLanguage, chooseTheme, expect, languages, longestTask, test } from '@qkv/end-to-end'
import { page, tableNamed, choice, numbersOn, expectRight, editSomething } from './by-hand-page.ts'
import { download, numbersOf, sizeOfPicture } from './tables.ts'

test('a link brings numbers, mask and choices back', async ({ page: browser, context }) => {
  await browser.goto(page('?example=two-heads'))
  await choice(browser, 'Inputs').selectOption('4')
  for (let round = 0; round < 4; round++) await editSomething(browser)
  await tableNamed(browser, 'Mask').locator('button').nth(2).click()
  await browser.getByLabel('Divide the scores').uncheck()
  await expect(browser).toHaveURL(/mask=1101_1111_1111_1111/)
  await expect(browser).toHaveURL(/scale=0/)
  const other = await context.newPage()
  await other.goto(browser.url())
  await expect(tableNamed(other, 'Mask')).toBeVisible()
  expect(await numbersOn(other)).toEqual(await numbersOn(browser))
  await expect(other.getByRole('alert')).toHaveCount(0)
  await expectRight(other)
})

test('a link with nonsense or malice starts from the example, and says so', async ({ page: browser }) => {
  test.slow()
  browser.on('dialog', () => expect(true, 'nothing may run').toBe(false))
  for (const [name, value] of [
    ['x', '<img src=x onerror=alert(1)>'],
    ['x', '1 2_3'],
    ['q', '1e999 0 0_0 0 0_0 0 0_0 0 0'],
    ['v', '1 2 3'],
    ['mask', '11_11'],
    ['mask', 'javascript:alert(1)'],
    ['heads', '2'],
    ['heads', '1e3'],
    ['scale', 'yes'],
    ['lesson', 'constructor'],
    ['example', '__proto__'],
    ['weights', '1'],
    ['text', 'x'.repeat(1_000_000)],
    ['k', '0 '.repeat(500_000)],
  ] as const) {
    await browser.goto('about:blank')
    await browser.goto(page(`?${name}=${encodeURIComponent(value)}`))
    await expect(browser.getByRole('alert')).toContainText(name)
    await expect(browser.getByRole('alert')).toHaveCount(1)
    await expect(tableNamed(browser, 'Output')).toBeVisible()
    expect((await numbersOf(tableNamed(browser, 'Output')))[0]).toEqual([1.9366, 6.6831, 1.5951])
  }
})

test('tables are saved as PNG and SVG', async ({ page: browser }) => {
  await browser.goto(page())
  for (const kind of ['PNG', 'SVG'] as const) {
    const file = await download(
      browser,
      browser.getByRole('button', { name: `Save Output as ${kind}`, exact: true }),
    )
    const { width, height } = await sizeOfPicture(browser, file)
    expect(width).toBeGreaterThan(100)
    expect(height).toBeGreaterThan(80)
    if (kind === 'SVG') expect(file.bytes.toString('utf8')).toContain('>6.6831</text>')
  }
})

for (const language of languages) {
  for (const theme of ['light', 'dark'] as const) {
    test(`anybody can use it in ${language}, ${theme}`, async ({ page: browser, checkAccessibility }) => {
      test.slow()
      await browser.goto(page('?example=two-heads&mask=100_110_111'))
      await chooseLanguage(browser, language)
      await chooseTheme(browser, theme)
      await browser.locator('td button[aria-pressed=false]').last().click()
      await expect(browser.getByTestId('explanation')).toBeVisible()
      await browser.locator('td input').first().fill('?')
      await checkAccessibility()
      for (const lesson of ['weighted-sum', 'one-hot']) {
        await browser.goto(page(`?lesson=${lesson}`))
        await expect(browser.getByRole('table').last()).toBeVisible()
        await checkAccessibility()
      }
    })
  }
}

test('the texts change without a reload, and the numbers stay', async ({ page: browser }) => {
  await browser.goto(page())
  await tableNamed(browser, 'Inputs').locator('input').first().fill('9')
  await chooseLanguage(browser, 'zh')
  await expect(browser.getByRole('heading', { level: 2 })).toHaveText('手算注意力')
  await expect(tableNamed(browser, '输入').locator('input').first()).toHaveValue('9')
  await chooseLanguage(browser, 'en')
  await expectRight(browser)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('nothing is wider than the screen, and tables can be used', async ({ page: browser }) => {
    for (const state of [
      '',
      '?example=two-heads&mask=100_110_111',
      '?lesson=weighted-sum',
      '?lesson=one-hot',
    ]) {
      await browser.goto('about:blank')
      await browser.goto(page(state))
      await expect(browser.getByRole('table').last()).toBeVisible()
      for (const language of languages) {
        await chooseLanguage(browser, language)
        expect(await browser.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      }
      await chooseLanguage(browser, 'en')
    }
    await browser.goto(page('?example=two-heads'))
    await choice(browser, 'Inputs').selectOption('6')
    await choice(browser, 'Numbers per input').selectOption('6')
    await choice(browser, 'Columns of Q, K, V').selectOption('6')
    await expectRight(browser)
    expect(await browser.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await tableNamed(browser, 'Output').last().getByRole('button').first().click()
    await expect(browser.getByTestId('explanation')).toBeInViewport()
  })
})

test('works on a page that may not share memory', async ({ page: browser }) => {
  await browser.goto(`${addressOf('playground', { isolated: false })}#/by-hand`)
  await expectRight(browser)
})

test('edits never hold the page up', async ({ page: browser }) => {
  await browser.goto(page())
  await expectRight(browser)
  const { processor } = await longestTask(browser, async () => {
    for (let round = 0; round < 5; round++) await editSomething(browser)
    await expectRight(browser)
  })
  expect(processor).toBeLessThanOrEqual(50)
})
