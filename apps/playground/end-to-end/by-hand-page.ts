import { addressOf, expect, type Page } from '@qkv/end-to-end'
import { attentionByLoops, type Numbers, type Results } from './attention-by-loops.ts'
import { expectClose, numbersOf, randomWhole } from './tables.ts'

export const page = (state = ''): string => `${addressOf('playground')}#/by-hand${state}`

export const tableNamed = (where: Page | ReturnType<Page['locator']>, name: string) =>
  where.getByRole('table', { name, exact: true })
export const choice = (where: Page, name: string) => where.getByRole('combobox', { name, exact: true })
export const headNumber = (browser: Page, head: number) =>
  browser.getByRole('group', { name: `Head ${head + 1}`, exact: true })

/** What stands in the fields and the mask just now. */
export async function numbersOn(browser: Page): Promise<Numbers> {
  const heads = Number(await choice(browser, 'Heads').inputValue())
  const keep = await tableNamed(browser, 'Mask')
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('button')].map((button) => button.getAttribute('aria-pressed') === 'true'),
      ),
    )
  return {
    inputs: await numbersOf(tableNamed(browser, 'Inputs')),
    queryWeights: await numbersOf(tableNamed(browser, 'Weights for queries')),
    keyWeights: await numbersOf(tableNamed(browser, 'Weights for keys')),
    valueWeights: await numbersOf(tableNamed(browser, 'Weights for values')),
    outputWeights: heads > 1 ? await numbersOf(tableNamed(browser, 'Weights for the output')) : [[]],
    heads,
    scaled: await browser.getByLabel('Divide the scores').isChecked(),
    keep,
  }
}

/** Computes all that the page shows with plain loops, and compares. */
export async function expectRight(browser: Page): Promise<Results> {
  let wanted: Results | undefined
  // The numbers on the screen follow within a frame or two.
  await expect(async () => {
    const numbers = await numbersOn(browser)
    wanted = attentionByLoops(numbers)
    const { heads } = numbers
    const whole = (name: string) => tableNamed(browser, name).first()
    expectClose(await numbersOf(whole('Queries')), wanted.query)
    expectClose(await numbersOf(whole('Keys')), wanted.key)
    expectClose(await numbersOf(whole('Values')), wanted.value)
    for (const [index, head] of wanted.heads.entries()) {
      const tables = headNumber(browser, index)
      expectClose(await numbersOf(tableNamed(tables, 'Scores')), head.scores)
      expectClose(await numbersOf(tableNamed(tables, 'Weights')), head.weights)
      expectClose(await numbersOf(tableNamed(tables, 'Output')), head.output)
      if (numbers.scaled) {
        const divisor = Math.sqrt(wanted.query[0]!.length / heads)
        const scaled = head.scores.map((row) => row.map((score) => score / divisor))
        expectClose(await numbersOf(tableNamed(tables, 'Scaled scores')), scaled)
      }
      if (numbers.keep.flat().includes(false)) {
        const divisor = numbers.scaled ? Math.sqrt(wanted.query[0]!.length / heads) : 1
        const masked = head.scores.map((row, query) =>
          row.map((score, key) => (numbers.keep[query]![key] ? score / divisor : -Infinity)),
        )
        expectClose(await numbersOf(tableNamed(tables, 'Masked scores')), masked)
      }
    }
    if (heads > 1) {
      expectClose(await numbersOf(tableNamed(browser, 'Heads side by side')), wanted.joined)
      expectClose(await numbersOf(tableNamed(browser, 'Output').last()), wanted.projected)
    }
  }).toPass({ timeout: 10_000, intervals: [50] })
  return wanted!
}

export async function editSomething(browser: Page): Promise<void> {
  const fields = browser.locator('td input')
  const field = fields.nth(randomWhole(0, (await fields.count()) - 1))
  await field.fill(['-1.5', '0', '3', '2.25', '.5', '-2', '1e-1', '１'][randomWhole(0, 7)]!)
  await field.blur()
}
