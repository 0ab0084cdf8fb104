import { expect, type Page, test } from '@qkv/end-to-end'
import {
  page,
  tableNamed,
  choice,
  headNumber,
  numbersOn,
  expectRight,
  editSomething,
} from './by-hand-page.ts'
import { attentionByLoops, product } from './attention-by-loops.ts'
import { expectClose, numberIn, numbersOf, randomWhole } from './tables.ts'

test('the notes: three inputs, exact and as the article rounds', async ({ page: browser }) => {
  await browser.goto(page())
  expectClose(await numbersOf(tableNamed(browser, 'Keys')), [
    [0, 1, 1],
    [4, 4, 0],
    [2, 3, 1],
  ])
  expect((await numbersOf(tableNamed(browser, 'Queries')))[0]).toEqual([1, 0, 2])
  expect((await numbersOf(tableNamed(browser, 'Scores')))[0]).toEqual([2, 4, 4])
  expect((await numbersOf(tableNamed(browser, 'Weights')))[0]).toEqual([0.0634, 0.4683, 0.4683])
  expect((await numbersOf(tableNamed(browser, 'Output')))[0]).toEqual([1.9366, 6.6831, 1.5951])
  expect(await numbersOf(tableNamed(browser, 'Weights of the first query'))).toEqual([
    [0, 0.5, 0.5],
    [0.0634, 0.4683, 0.4683],
  ])
  expect(await numbersOf(tableNamed(browser, 'Its output'))).toEqual([
    [2, 7, 1.5],
    [1.9366, 6.6831, 1.5951],
  ])
  await expectRight(browser)
})

test('any number can be changed, and all that follows is right', async ({ page: browser }) => {
  await browser.goto(page())
  for (let round = 0; round < 6; round++) {
    await editSomething(browser)
    if (round === 2) await browser.getByLabel('Divide the scores').check()
    await expectRight(browser)
  }
})

test('sizes, heads and masks can be chosen, and cells of the mask clicked', async ({ page: browser }) => {
  await browser.goto(page())
  await choice(browser, 'Inputs').selectOption(String(randomWhole(2, 6)))
  await choice(browser, 'Numbers per input').selectOption(String(randomWhole(1, 6)))
  await choice(browser, 'Columns of Q, K, V').selectOption('6')
  for (const heads of ['2', '3', '6', '1']) {
    await choice(browser, 'Heads').selectOption(heads)
    await browser.getByLabel('Divide the scores').setChecked(randomWhole(0, 1) === 1)
    await editSomething(browser)
    await expectRight(browser)
  }
  for (const preset of ['causal', 'padding', 'none']) {
    await choice(browser, 'Mask').selectOption(preset)
    await expectRight(browser)
  }
  const cells = tableNamed(browser, 'Mask').locator('button')
  for (let round = 0; round < 3; round++) {
    await cells.nth(randomWhole(0, (await cells.count()) - 1)).click()
    await expectRight(browser)
  }
  // A query that may look nowhere gives zeros.
  const row = tableNamed(browser, 'Mask').locator('tbody tr').first().locator('button')
  for (const cell of await row.all()) {
    if ((await cell.getAttribute('aria-pressed')) === 'true') await cell.click()
  }
  await expect(choice(browser, 'Mask')).toHaveValue('free')
  const { heads } = await expectRight(browser)
  expect(heads[0]!.output[0]!.every((value) => value === 0)).toBe(true)
})

test('two heads: split by index, side by side, one more projection', async ({ page: browser }) => {
  await browser.goto(page('?example=two-heads'))
  await expectRight(browser)
  const whole = await numbersOf(tableNamed(browser, 'Queries').first())
  for (const head of [0, 1]) {
    const split = await numbersOf(tableNamed(headNumber(browser, head), 'Queries'))
    expect(split).toEqual(whole.map((row) => row.slice(2 * head, 2 * head + 2)))
  }
  await tableNamed(browser, 'Weights for the output').locator('input').first().fill('5')
  const { projected } = await expectRight(browser)
  expect(projected[0]![0]).toBeGreaterThan(5)
})

test('only what changed glows', async ({ page: browser }) => {
  await browser.goto(page())
  await expectRight(browser)
  const before = {
    queries: await numbersOf(tableNamed(browser, 'Queries')),
    keys: await numbersOf(tableNamed(browser, 'Keys')),
    output: await numbersOf(tableNamed(browser, 'Output')),
  }
  await tableNamed(browser, 'Weights for keys').locator('input').nth(4).fill('7')
  await expectRight(browser)
  for (const [name, numbers] of [
    ['Queries', before.queries],
    ['Keys', before.keys],
  ] as const) {
    const after = await numbersOf(tableNamed(browser, name))
    // As it is before it fades, however slow this machine is: the glow is a colour of the cell.
    const glowing = (): Promise<readonly (readonly boolean[])[]> =>
      tableNamed(browser, name).evaluate((table) => {
        table.classList.remove('fading')
        const plain = getComputedStyle(table.querySelector('td:not(.changed)')!).backgroundColor
        return [...table.querySelectorAll('tbody tr')].map((row) =>
          [...row.querySelectorAll('td')].map((cell) => getComputedStyle(cell).backgroundColor !== plain),
        )
      })
    await expect
      .poll(glowing)
      .toEqual(after.map((row, at) => row.map((value, column) => value !== numbers[at]![column])))
  }
  expect(await numbersOf(tableNamed(browser, 'Output'))).not.toEqual(before.output)
})

test('a chosen cell shows its dot product, term by term, and follows edits', async ({ page: browser }) => {
  await browser.goto(page())
  const explanation = browser.getByTestId('explanation')
  const check = async (left: readonly number[], right: readonly number[]): Promise<void> => {
    const terms = await explanation.getByTestId('term').allInnerTexts()
    let sum = 0
    for (const [index, term] of terms.entries()) {
      const [a, b, result] = term
        .replaceAll(/[()]/g, '')
        .split(/[×\s]+/)
        .map(numberIn)
      expectClose([[a!, b!, result!]], [[left[index]!, right[index]!, left[index]! * right[index]!]])
      sum += left[index]! * right[index]!
    }
    expect(terms).toHaveLength(left.length)
    expectClose([[numberIn(await explanation.getByTestId('sum').innerText())]], [[sum]])
  }
  const row = randomWhole(0, 2)
  const column = randomWhole(0, 2)
  for (const [table, left, right] of [
    ['Queries', 'inputs', 'queryWeights'],
    ['Keys', 'inputs', 'keyWeights'],
    ['Values', 'inputs', 'valueWeights'],
  ] as const) {
    await tableNamed(browser, table).locator('tbody tr').nth(row).locator('button').nth(column).click()
    await editSomething(browser)
    await expectRight(browser)
    const numbers = await numbersOn(browser)
    await check(
      numbers[left][row]!,
      numbers[right].map((line) => line[column]!),
    )
  }
  const results = attentionByLoops(await numbersOn(browser))
  // With the keyboard: arrow keys go from cell to cell, Enter chooses.
  await tableNamed(browser, 'Scores').locator('button').first().focus()
  for (let step = 0; step < row; step++) await browser.keyboard.press('ArrowDown')
  for (let step = 0; step < column; step++) await browser.keyboard.press('ArrowRight')
  await browser.keyboard.press('Enter')
  await check(results.query[row]!, results.key[column]!)
  await tableNamed(browser, 'Output').locator('tbody tr').nth(row).locator('button').nth(column).click()
  await check(
    results.heads[0]!.weights[row]!,
    results.value.map((line) => line[column]!),
  )
  // A weight: exponentials of the scores less the largest, and their share.
  await tableNamed(browser, 'Weights').locator('tbody tr').nth(row).locator('button').nth(column).click()
  await expect(explanation).toContainText('e^(')
  const exponentials = await explanation.locator('[data-testid=term] b').allInnerTexts()
  const scores = results.heads[0]!.scores[row]!
  for (const [key, text] of exponentials.entries()) {
    const wanted = Math.exp(scores[key]! - Math.max(...scores))
    expect(Math.abs(numberIn(text) - wanted)).toBeLessThan(6e-5)
  }
  expectClose(
    [[numberIn(await explanation.getByTestId('sum').innerText())]],
    [[results.heads[0]!.weights[row]![column]!]],
  )
  await explanation.getByRole('button', { name: 'Close' }).click()
  await expect(explanation).toHaveCount(0)
})

test('what is not a number says so at its field, and changes nothing', async ({ page: browser }) => {
  await browser.goto(page())
  await expectRight(browser)
  const field = tableNamed(browser, 'Weights for values').locator('input').nth(4)
  const before = await numbersOf(tableNamed(browser, 'Output'))
  for (const wrong of [
    '',
    'three',
    '1e999',
    'NaN',
    'Infinity',
    '--1',
    '1,5',
    '<b>1</b>',
    '9'.repeat(5000),
    '\u0000',
    '\uD800',
  ]) {
    await field.fill(wrong)
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(browser.getByRole('status')).toContainText('The one before still counts')
    expect(await numbersOf(tableNamed(browser, 'Output'))).toEqual(before)
    await field.blur()
    await expect(field).toHaveValue('3')
    await expect(browser.getByRole('status')).toHaveCount(0)
  }
  await field.fill('−1.5')
  await expect(field).not.toHaveAttribute('aria-invalid')
  await expectRightFrom(browser, 'Values', [
    [1, 2, 3],
    [2, -1, 0],
    [2, 1.5, 3],
  ])
})

async function expectRightFrom(browser: Page, name: string, wanted: number[][]): Promise<void> {
  await expect(async () => expectClose(await numbersOf(tableNamed(browser, name)), wanted)).toPass({
    timeout: 15_000,
  })
}

test('我 爱 你: right results beside those of the notes, with any numbers', async ({ page: browser }) => {
  await browser.goto(page())
  await browser.getByRole('button', { name: '我 爱 你' }).click()
  expect(await numbersOf(tableNamed(browser, 'New numbers'))).toEqual([
    [1.6, 1.4, 0.2],
    [2, 1.8, 0.2],
    [2.4, 2.2, 0.2],
  ])
  await expect(browser.getByTestId('slip')).toContainText(
    'The old ones give 6, the right ones 6, the printed ones 5.4',
  )
  for (let round = 0; round < 4; round++) {
    await editSomething(browser)
    const weights = await numbersOf(tableNamed(browser, 'Weights'))
    const values = await numbersOf(tableNamed(browser, 'Values'))
    const wanted = product(weights, values)
    const shown = tableNamed(browser, 'New numbers')
    await expect(async () => {
      expectClose(
        (await numbersOf(shown)).map((row) => [row[0]!]),
        wanted,
      )
    }).toPass({ timeout: 15_000 })
  }
})

test('one-hot vectors of 我从哪里来 are the identity, and any text has its own', async ({
  page: browser,
}) => {
  await browser.goto(page('?lesson=one-hot'))
  const vectors = tableNamed(browser, 'One-hot vectors')
  const identity = Array.from({ length: 5 }, (_, row) =>
    Array.from({ length: 5 }, (_, column) => Number(row === column)),
  )
  await expect(vectors).toBeVisible()
  expect(await numbersOf(vectors)).toEqual(identity)
  await browser.getByLabel('Text').fill('看来看去')
  await expect(async () => {
    expect(await numbersOf(vectors)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ])
  }).toPass({ timeout: 15_000 })
  await browser.getByLabel('Text').fill('')
  await expect(browser.getByRole('status')).toContainText('The text before still counts')
  expect(await numbersOf(vectors)).toHaveLength(4)
})
