import {
  addressOf,
  chooseLanguage,
  chooseTheme,
  expect,
  languages,
  longestTask,
  type Page,
  test,
} from '@qkv/end-to-end'
import {
  download,
  expectClose,
  mapNamed,
  numberIn,
  numbersOf,
  numbersOfMap,
  randomWhole,
  sizeOfPicture,
} from './tables.ts'

const page = (state = ''): string => `${addressOf('playground')}#/positions${state}`

/** Vaswani et al., section 3.5, number by number. */
function sinusoid(position: number, column: number, width: number): number {
  const angle = position / 10000 ** ((column - (column % 2)) / width)
  return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
}

function sinusoids(length: number, width: number): number[][] {
  const table: number[][] = []
  for (let position = 0; position < length; position++) {
    const row: number[] = []
    for (let column = 0; column < width; column++) row.push(sinusoid(position, column, width))
    table.push(row)
  }
  return table
}

// A table of more than a thousand numbers has several pages.
for (const [title, length, width] of [
  ['sizes that somebody picks', randomWhole(2, 20), randomWhole(2, 60)],
  ['a size of several pages', 30, 40],
] as const)
  test(`three formulas give the table of the paper, at ${title}`, async ({ page: browser }) => {
    await browser.goto(page())
    await browser.getByLabel('Positions', { exact: true }).fill(String(length))
    await browser.getByLabel('Numbers per position').fill(String(width))
    const wanted = sinusoids(length, width)
    for (const name of ['Exponential of a logarithm', 'Power, one by one', 'Power of a whole vector']) {
      const map = mapNamed(browser, name)
      await expect(map.getByRole('grid')).toHaveAttribute('aria-rowcount', String(length))
      await expect(map.getByRole('grid')).toHaveAttribute('aria-colcount', String(width))
      expectClose(await numbersOfMap(browser, name), wanted)
    }
    const differences = browser.getByRole('table', { name: 'Largest difference' })
    for (const row of await differences.locator('tbody tr').all()) {
      const largest = numberIn(await row.locator('td').first().innerText())
      expect(largest).toBeLessThan(1e-12)
      expect(largest).toBeGreaterThanOrEqual(0)
    }
  })

test('a cell of a map is read with the keyboard and with the pointer', async ({ page: browser }) => {
  await browser.goto(page('?length=10&width=8'))
  const map = mapNamed(browser, 'Power, one by one')
  await map.getByRole('grid').focus()
  const row = randomWhole(0, 9)
  const column = randomWhole(0, 7)
  for (let step = 0; step < row; step++) await browser.keyboard.press('ArrowDown')
  for (let step = 0; step < column; step++) await browser.keyboard.press('ArrowRight')
  const reading = map.getByTestId('reading')
  await expect(reading).toContainText(`position ${row}, column ${column}: `)
  expectClose([[numberIn((await reading.innerText()).split(': ')[1]!)]], [[sinusoid(row, column, 8)]])
  await expect(map.getByRole('gridcell')).toHaveAccessibleName(await reading.innerText())
  await map.locator('canvas').hover({ position: { x: 60, y: 50 } })
  await expect(reading).toContainText('position 0, column 0: 0')
})

test('the plot shows dot products against distance, from the chosen position', async ({ page: browser }) => {
  const [length, width] = [randomWhole(5, 30), 2 * randomWhole(2, 20)]
  await browser.goto(page(`?length=${length}&width=${width}`))
  const chosen = randomWhole(0, length - 1)
  await browser.getByLabel('Position', { exact: true }).fill(String(chosen))
  const plot = browser.locator('figure').filter({
    has: browser.getByRole('slider', { name: `Dot product with position ${chosen}`, exact: true }),
  })
  await plot.getByText('As a table').click()
  const table = sinusoids(length, width)
  const wanted = table.map((row) => {
    let product = 0
    for (let column = 0; column < width; column++) product += row[column]! * table[chosen]![column]!
    return [product]
  })
  await expect(plot.getByRole('table')).toBeVisible()
  expectClose(await numbersOf(plot.getByRole('table')), wanted)
  const places = await plot.getByRole('rowheader').allInnerTexts()
  expect(places.map(numberIn)).toEqual(table.map((_, position) => position - chosen))
  await plot.getByRole('slider').focus()
  await browser.keyboard.press('End')
  const text = await plot.getByTestId('reading').innerText()
  expectClose([[numberIn(text.split(': ')[1]!)]], [wanted.at(-1)!])
})

test('without positions order makes no difference, with them it does', async ({ page: browser }) => {
  await browser.goto(page())
  await browser.getByLabel('Sentences').selectOption('chinese')
  for (let round = 0; round < 3; round++) {
    for (const [part, differs] of [
      ['without-positions', false],
      ['with-positions', true],
    ] as const) {
      const tables = browser.getByTestId(part).getByRole('table')
      const first = await numbersOf(tables.nth(0))
      const second = await numbersOf(tables.nth(1))
      const difference = await numbersOf(tables.nth(2))
      expect(first).toHaveLength(3)
      const apart = first.map((row, index) => row.map((value, column) => value - second[index]![column]!))
      for (const [row, numbers] of apart.entries()) {
        for (const [column, value] of numbers.entries()) {
          expect(Math.abs(value - difference[row]![column]!)).toBeLessThan(2e-4)
        }
      }
      const largest = Math.max(...difference.flat().map(Math.abs))
      if (differs) expect(largest).toBeGreaterThan(0.01)
      else {
        expect(largest).toBeLessThan(1e-12)
        const sorted = (rows: readonly (readonly number[])[]): string[] => rows.map(String).toSorted()
        expect(sorted(first)).toEqual(sorted(second))
      }
    }
    const before = await browser.getByTestId('with-positions').getByRole('table').first().innerText()
    await browser.getByRole('button', { name: 'Other random weights' }).click()
    await expect(browser.getByTestId('with-positions').getByRole('table').first()).not.toHaveText(before)
  }
})

test('a link brings the page back', async ({ page: browser, context }) => {
  await browser.goto(page())
  await browser.getByLabel('Positions', { exact: true }).fill('17')
  await browser.getByLabel('Numbers per position').fill('6')
  await browser.getByLabel('Position', { exact: true }).fill('4')
  await browser.getByLabel('Sentences').selectOption('chinese')
  await browser.getByRole('button', { name: 'Other random weights' }).click()
  await expect(browser).toHaveURL(/seed=2/)
  const other = await context.newPage()
  await other.goto(browser.url())
  await expect(other.getByLabel('Positions', { exact: true })).toHaveValue('17')
  await expect(other.getByLabel('Numbers per position')).toHaveValue('6')
  await expect(other.getByLabel('Position', { exact: true })).toHaveValue('4')
  await expect(other.getByRole('alert')).toHaveCount(0)
  const shown = (of: Page): Promise<string> => of.getByTestId('with-positions').innerText()
  expect(await shown(other)).toBe(await shown(browser))
})

test('a link with nonsense or malice starts from the defaults, and says so', async ({ page: browser }) => {
  test.slow()
  const bad = '<img src=x onerror=alert(1)>'
  browser.on('dialog', () => expect(true, 'nothing may run').toBe(false))
  for (const [name, value] of [
    ['length', bad],
    ['length', '1e9'],
    ['length', '-3'],
    ['width', '129'],
    ['words', '__proto__'],
    ['seed', 'NaN'],
    ['seed', '9'.repeat(100_000)],
  ] as const) {
    await browser.goto('about:blank')
    await browser.goto(page(`?${name}=${encodeURIComponent(value)}`))
    await expect(browser.getByRole('alert')).toContainText(name)
    await expect(browser.getByLabel('Positions', { exact: true })).toHaveValue('50')
    await expect(browser.getByLabel('Numbers per position')).toHaveValue('64')
    await expect(browser.getByTestId('without-positions').getByRole('table')).toHaveCount(3)
  }
  await browser.goto(page('?__proto__[length]=3&constructor=5'))
  await expect(browser.getByLabel('Positions', { exact: true })).toHaveValue('50')
})

test('maps, plots and tables are saved as PNG and SVG', async ({ page: browser }) => {
  await browser.goto(page('?length=12&width=8'))
  for (const name of [
    'Power, one by one',
    'Dot product with position 11',
    'All pairs',
    'First less second',
  ]) {
    for (const kind of ['PNG', 'SVG'] as const) {
      const button = browser.getByRole('button', { name: `Save ${name} as ${kind}`, exact: true }).first()
      const file = await download(browser, button)
      expect(file.name).toMatch(new RegExp(`\\.${kind.toLowerCase()}$`))
      const { width, height } = await sizeOfPicture(browser, file)
      expect(width).toBeGreaterThan(100)
      expect(height).toBeGreaterThan(60)
    }
  }
  const svg = await download(browser, browser.getByRole('button', { name: 'Save Power, one by one as SVG' }))
  // A rectangle per cell, those of the legend, and the ground.
  expect(svg.bytes.toString('utf8').match(/<rect /g)!.length).toBe(12 * 8 + 64 + 1)
})

for (const language of languages) {
  for (const theme of ['light', 'dark'] as const) {
    test(`anybody can use it in ${language}, ${theme}`, async ({ page: browser, checkAccessibility }) => {
      test.slow()
      await browser.goto(page('?length=12&width=8'))
      await chooseLanguage(browser, language)
      await chooseTheme(browser, theme)
      await expect(browser.getByRole('heading', { level: 2 })).toHaveText(
        language === 'zh' ? '位置编码' : 'Positions',
      )
      await expect(browser.getByTestId('with-positions')).toBeVisible()
      await browser.locator('summary').first().click()
      await checkAccessibility()
    })
  }
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('nothing is wider than the screen', async ({ page: browser }) => {
    await browser.goto(page())
    for (const language of languages) {
      await chooseLanguage(browser, language)
      await expect(browser.getByTestId('with-positions').getByRole('table')).toHaveCount(3)
      expect(await browser.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    }
  })
})

test('works on a page that may not share memory', async ({ page: browser }) => {
  await browser.goto(`${addressOf('playground', { isolated: false })}#/positions`)
  await expect(browser.getByTestId('with-positions').getByRole('table')).toHaveCount(3)
  await expect(browser.getByRole('slider', { name: 'Dot product with position 25' })).toBeVisible()
})

test('moving the sizes never holds the page up', async ({ page: browser }) => {
  await browser.goto(page())
  await expect(browser.getByTestId('with-positions')).toBeVisible()
  const { processor } = await longestTask(browser, async () => {
    for (const [length, width] of [
      [100, 128],
      [randomWhole(2, 100), randomWhole(2, 128)],
      [100, randomWhole(2, 128)],
    ]) {
      await browser.getByLabel('Positions', { exact: true }).fill(String(length))
      await browser.getByLabel('Numbers per position').fill(String(width))
      await browser.waitForTimeout(300)
    }
  })
  expect(processor).toBeLessThanOrEqual(50)
})
