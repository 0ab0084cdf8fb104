import { addressOf, expect, type Page, test as base } from '@qkv/end-to-end'
import { inspectTranslation, type HeadPlace, type TokenDescription, type Translator } from '@qkv/pipelines'
import { numberIn, numbersOf, randomWhole } from './tables.ts'
import { type ModelBytes, serveModel, tinyModel, translatorOf } from './tiny-model.ts'

type Sites = 'encoder' | 'decoder' | 'cross'
const siteNames = {
  encoder: 'Encoder self-attention',
  decoder: 'Decoder self-attention',
  cross: 'Cross-attention',
} as const
const layers = 2
const heads = 3
const sentence = '我爱学习机器'

let files: ModelBytes
let translator: Translator

const test = base.extend({
  page: async ({ page }, use) => {
    await serveModel(page, 'zh-en', files)
    await use(page)
  },
})

test.beforeAll(async () => {
  files = await tinyModel('zh-en')
  translator = await translatorOf(files)
})

const address = (state: Readonly<Record<string, string>> = {}): string =>
  `${addressOf('playground')}#/inspector?${new URLSearchParams({ sentence, ...state }).toString()}`

async function open(page: Page, state: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.goto(address(state))
  await ready(page)
}

async function ready(page: Page): Promise<void> {
  await expect(page.getByTestId('result')).toHaveAttribute('data-ready', 'true')
}

async function reference(source = sentence, ablate: readonly HeadPlace[] = [], sourceLength?: number) {
  const [translation] = await translator.translate([source], { ablate })
  const candidate = translation!.candidates[0]!
  const inspection = await inspectTranslation(translator, source, candidate.tokens, { ablate, sourceLength })
  return { candidate, inspection }
}

function labelOf({ text, bytes }: Pick<TokenDescription, 'text' | 'bytes'>): string {
  const shown = text.trim() || '␣'
  return bytes ? `${shown} ${Buffer.from(bytes).toString('hex').toUpperCase()}` : shown
}

function expectNear(got: readonly number[], wanted: ArrayLike<number>): void {
  expect(got).toHaveLength(wanted.length)
  for (const [index, value] of got.entries()) {
    const expected = wanted[index]!
    // Pages show four decimals, or two digits of small numbers; float32 adds its own rounding.
    expect(Math.abs(value - expected), `${value} for ${expected}`).toBeLessThan(
      2e-4 * (1 + Math.abs(expected)),
    )
  }
}

const mapNamed = (page: Page, name: string) =>
  page.locator('figure').filter({ has: page.getByRole('grid', { name, exact: true }) })

async function numbersOfMap(page: Page, name: string): Promise<number[][]> {
  const map = mapNamed(page, name)
  if (!(await map.getByRole('table').isVisible())) await map.getByText('As a table').click()
  return numbersOf(map.getByRole('table'))
}

function randomHead(): HeadPlace {
  const sites: readonly Sites[] = ['encoder', 'decoder', 'cross']
  return {
    site: sites[randomWhole(0, 2)]!,
    layer: randomWhole(0, layers - 1),
    head: randomWhole(0, heads - 1),
  }
}

const nameOf = ({ site, layer, head }: HeadPlace): string =>
  `${siteNames[site]}, layer ${layer + 1}, head ${head + 1}`

test('a sentence is translated as the library does it', async ({ page }) => {
  await open(page)
  for (const source of [sentence, '机器学习', '你爱我龘']) {
    await page.getByLabel('Sentence').fill(source)
    await page.getByRole('button', { name: 'Translate' }).click()
    const { candidate, inspection } = await reference(source)
    await expect(page.getByTestId('translation')).toHaveText(candidate.text)
    await ready(page)
    expect(await page.getByTestId('source-tokens').locator('li').allInnerTexts()).toEqual(
      inspection.source.map(labelOf),
    )
    expect(await page.getByTestId('target-tokens').locator('li').allInnerTexts()).toEqual(
      inspection.target.map(labelOf),
    )
    const shown = /log-probability (\S+)/.exec(await page.getByTestId('result').innerText())![1]!
    expectNear([numberIn(shown)], [candidate.logProbability])
  }
  await expect(page.getByTestId('result')).toContainText('龘')
})

test('every attention map: from the overview to the numbers of a head', async ({ page }) => {
  await open(page)
  const { inspection } = await reference()
  for (let round = 0; round < 4; round++) {
    const place = randomHead()
    await page.getByRole('button', { name: `Show ${nameOf(place)}`, exact: true }).click()
    const attention = inspection.attention[place.site][place.layer]!
    const head = attention.heads[place.head]!
    await page.getByLabel('Numbers').selectOption('weights')
    const weights = await numbersOfMap(page, `Weights: ${nameOf(place)}`)
    expect(weights.map((row) => row.length)).toEqual(
      Array.from({ length: attention.queries }, () => attention.keys),
    )
    expectNear(weights.flat(), head.weights)
    await page.getByLabel('Numbers').selectOption('scores')
    expectNear((await numbersOfMap(page, `Scores: ${nameOf(place)}`)).flat(), head.scores)
  }
})
