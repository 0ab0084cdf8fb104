import { readFileSync } from 'node:fs'
import { addressOf, expect, test } from '@qkv/end-to-end'
import type { ModelBytes } from '@qkv/end-to-end/models'
import { inspectTranslation } from '@qkv/pipelines'
import { numberIn, numbersOf } from './tables.ts'
import { serveModel, tinyModel, translatorOf } from './tiny-model.ts'

const examples = { 'zh-en': '我喜欢在图书馆看书。', 'en-zh': 'machine learning' } as const
const names = ['config.json', 'source-tokenizer.json', 'target-tokenizer.json', 'model.safetensors']

function filesOf(direction: string): ModelBytes {
  const folder = new URL(`../../translation-demo/models/${direction}/`, import.meta.url)
  return new Map(names.map((name) => [name, new Uint8Array(readFileSync(new URL(name, folder)))]))
}

const addressFor = (state: Readonly<Record<string, string>>): string =>
  `${addressOf('playground')}#/inspector?${new URLSearchParams(state).toString()}`

for (const direction of ['zh-en', 'en-zh'] as const) {
  test(`the trained model ${direction} shows what the library reads from it`, async ({ page }) => {
    const translator = await translatorOf(filesOf(direction))
    const sentence = examples[direction]
    const [translation] = await translator.translate([sentence])
    const candidate = translation!.candidates[0]!
    const inspection = await inspectTranslation(translator, sentence, candidate.tokens)
    await page.goto(addressFor({ direction, sentence }))
    await expect(page.getByTestId('translation')).toHaveText(candidate.text, { timeout: 30_000 })
    const layer = inspection.attention.cross.length
    await page
      .getByRole('button', { name: `Show Cross-attention, layer ${layer}, head 2`, exact: true })
      .click()
    const map = page.getByTestId('head').locator('figure').first()
    await map.getByText('As a table').click()
    const shown = (await numbersOf(map.getByRole('table'))).flat()
    const { weights } = inspection.attention.cross[layer - 1]!.heads[1]!
    expect(shown).toHaveLength(weights.length)
    for (const [index, value] of shown.entries()) expect(Math.abs(value - weights[index]!)).toBeLessThan(1e-3)
    const follows = await page.getByTestId('follows').innerText()
    const probability = numberIn(/probability (\S+) /.exec(follows)![1]!)
    expect(Math.abs(probability - inspection.predictions[0]!.next.probability)).toBeLessThan(1e-3)
    await translator.dispose()
    await translator.device.dispose()
  })
}

test('the other direction: another model, from a translation back', async ({ page }) => {
  const there = await tinyModel('zh-en')
  const back = await tinyModel('en-zh')
  await serveModel(page, 'zh-en', there)
  await serveModel(page, 'en-zh', back)
  await page.goto(addressFor({ sentence: '我爱你' }))
  const translated = (await (await translatorOf(there)).translate(['我爱你']))[0]!.text
  await expect(page.getByTestId('translation')).toHaveText(translated)
  await page.getByLabel('Direction').selectOption('en-zh')
  await expect(page.getByLabel('Sentence')).toHaveValue(translated)
  const returned = (await (await translatorOf(back)).translate([translated]))[0]!.text
  await expect(page.getByTestId('translation')).toHaveText(returned)
  await expect(page).toHaveURL(/direction=en-zh/)
  // As in the paper, this one normalises after each sum, and has no norm at the end.
  await expect(page.getByRole('button', { name: 'Encoder: Norm', exact: true })).toHaveCount(0)
})

const spoilt: readonly (readonly [name: string, file: string, spoil: (bytes: Uint8Array) => Uint8Array])[] = [
  ['cut weights', 'model.safetensors', (bytes) => bytes.slice(0, 5000)],
  ['a description of something else', 'config.json', () => new TextEncoder().encode('{"format":"other"}')],
  ['a tokenizer that is no JSON', 'source-tokenizer.json', () => new TextEncoder().encode('nothing')],
]

for (const [name, file, spoil] of spoilt) {
  test(`${name}: one clear sentence, and another try`, async ({ page }) => {
    const files = new Map(await tinyModel('zh-en'))
    const good = files.get(file)!
    files.set(file, spoil(good))
    await serveModel(page, 'zh-en', files)
    await page.goto(addressFor({}))
    await expect(page.getByRole('alert')).toHaveCount(1)
    await expect(page.getByRole('alert')).toContainText('The model could not be loaded.')
    await expect(page.getByRole('alert')).toContainText(file)
    files.set(file, good)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByTestId('translation')).toBeVisible()
    await expect(page.getByRole('alert')).toHaveCount(0)
  })
}
