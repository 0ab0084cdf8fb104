import { addressOf, chooseLanguage, chooseTheme, expect, languages, longestTask } from '@qkv/end-to-end'
import {
  address,
  nameOf,
  open,
  randomHead,
  ready,
  reference,
  sentence,
  test,
  theModel,
  useInspector,
} from './inspector-page.ts'
import { download, mapNamed, sizeOfPicture } from './tables.ts'
import { serveModel } from './tiny-model.ts'

test('a link brings everything back', async ({ page, context }) => {
  await open(page)
  const place = randomHead()
  await page.getByLabel('Sentence').fill('我爱你，机器学习')
  await page.getByRole('button', { name: 'Translate' }).click()
  await page.getByRole('button', { name: `Switch off ${nameOf(randomHead())}`, exact: true }).click()
  await page.getByRole('button', { name: `Show ${nameOf(place)}`, exact: true }).click()
  await page.getByLabel('Numbers').selectOption('scores')
  await page.getByLabel('Tokens of padding').fill('2')
  await page.getByRole('button', { name: 'Decoder, layer 2: Feed-forward', exact: true }).click()
  await ready(page)
  await page.getByTestId('next-token').getByRole('button', { name: 'After' }).nth(1).click()
  await expect(page).toHaveURL(/position=1/)
  const other = await context.newPage()
  await serveModel(other, 'zh-en', (await theModel()).files)
  await other.goto(page.url())
  await ready(other)
  await expect(other.getByRole('alert')).toHaveCount(0)
  await expect(other.getByLabel('Sentence')).toHaveValue('我爱你，机器学习')
  for (const part of ['result', 'block', 'head', 'ablation', 'next-token']) {
    const shown = await page.getByTestId(part).innerText()
    await expect(other.getByTestId(part)).toHaveText(shown, { useInnerText: true })
  }
  await expect(mapNamed(other, `Scores: ${nameOf(place)}`)).toBeVisible()
})

test('a link with nonsense or malice starts from the defaults, and says so', async ({ page }) => {
  page.on('dialog', () => expect(true, 'nothing may run').toBe(false))
  const bad = '<img src=x onerror=alert(1)>'
  for (const [name, value] of [
    ['direction', 'fr-de'],
    ['direction', '__proto__'],
    ['sentence', '我'.repeat(501)],
    ['head', bad],
    ['head', 'cross.9.0'],
    ['off', 'cross.0.0,cross.0.99'],
    ['off', 'encoder.0.0,'.repeat(2000)],
    ['view', bad],
    ['position', '-1'],
    ['padding', '9'],
    ['block', '../../etc'],
    ['block', 'encoder.7.attention'],
  ] as const) {
    await page.goto('about:blank')
    await page.goto(address({ [name]: value }))
    await expect(page.getByRole('alert')).toContainText(name)
    await expect(page.getByTestId('translation')).toBeVisible()
  }
  // Hostile text is a sentence like any other.
  await page.goto('about:blank')
  await open(page, { sentence: bad, position: '999' })
  await expect(page.getByLabel('Sentence')).toHaveValue(bad)
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('hostile sentences give one clear sentence, and hold nothing up', async ({ page }) => {
  page.on('dialog', () => expect(true, 'nothing may run').toBe(false))
  await open(page)
  const write = async (text: string): Promise<void> => {
    await page.getByLabel('Sentence').evaluate((field: HTMLInputElement, written) => {
      field.value = written
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }, text)
    await page.getByRole('button', { name: 'Translate' }).click()
  }
  await write('我爱学习'.repeat(250_000))
  await expect(page.getByRole('alert')).toHaveText(/tokens or more, but the model can read at most 32/)
  await write('   ')
  await expect(page.getByRole('alert')).toHaveText('Write a sentence to translate.')
  for (const text of ['<b>我</b>', '我\u0000\u001B[31m爱', '我\uD800爱', '\u202E我爱你', '我🤷🏽‍♀️爱']) {
    await write(text)
    await expect(page.getByRole('alert')).toHaveCount(0)
    await ready(page)
    await expect(page.getByTestId('result')).toContainText('The model has never seen')
  }
  await write('机器学习')
  await expect(page.getByTestId('translation')).toHaveText((await reference('机器学习')).candidate.text)
})

test('maps, arcs and tables are saved as PNG and SVG', async ({ page }) => {
  const place = randomHead()
  await open(page, { head: `${place.site}.${place.layer}.${place.head}`, off: 'cross.0.1' })
  for (const name of [
    `Weights: ${nameOf(place)}`,
    `Arcs: ${nameOf(place)}`,
    'Decoder self-attention: causal mask',
    'Encoder: norm by layer and token',
    'Most probable tokens after <bos>',
    'Log-probability of the translation with all heads, by token',
  ]) {
    for (const kind of ['PNG', 'SVG'] as const) {
      const button = page.getByRole('button', { name: `Save ${name} as ${kind}`, exact: true })
      const file = await download(page, button)
      expect(file.name).toMatch(new RegExp(`\\.${kind.toLowerCase()}$`))
      const { width, height } = await sizeOfPicture(page, file)
      expect(width).toBeGreaterThan(100)
      expect(height).toBeGreaterThan(60)
    }
  }
})

test('never holds the page up', async ({ page }) => {
  await open(page)
  const { processor } = await longestTask(page, () => useInspector(page))
  expect(processor).toBeLessThanOrEqual(50)
})

for (const language of languages) {
  for (const theme of ['light', 'dark'] as const) {
    test(`anybody can use it in ${language}, ${theme}`, async ({ page, checkAccessibility }) => {
      await open(page, { off: 'cross.0.1,encoder.1.2', padding: '1' })
      await chooseLanguage(page, language)
      await chooseTheme(page, theme)
      await expect(page.getByRole('heading', { level: 2 })).toHaveText(
        language === 'zh' ? '透视一个翻译模型' : 'Inside a translation model',
      )
      for (const summary of await page.locator('summary').all()) await summary.click()
      await checkAccessibility()
    })
  }
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('nothing is wider than the screen, and the picture leads to the numbers', async ({ page }) => {
    await open(page, { off: 'cross.0.1', padding: '3' })
    await page.getByRole('button', { name: 'Decoder, layer 2: Feed-forward', exact: true }).click()
    await expect(page.getByTestId('block').getByRole('heading', { level: 4 })).toBeInViewport()
    for (const language of languages) {
      await chooseLanguage(page, language)
      await expect(page.getByTestId('translation')).toBeVisible()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    }
  })
})

test('works on a page that may not share memory', async ({ page }) => {
  await page.goto(
    `${addressOf('playground', { isolated: false })}#/inspector?${new URLSearchParams({ sentence }).toString()}`,
  )
  await expect(page.getByTestId('translation')).toHaveText((await reference()).candidate.text)
})
