import { addressOf, chooseLanguage, chooseTheme, expect, languages } from '@qkv/end-to-end'
import { compareAblation, type HeadPlace } from '@qkv/pipelines'
import {
  address,
  expectNear,
  heads,
  labelOf,
  layers,
  mapNamed,
  nameOf,
  numbersOfMap,
  open,
  randomHead,
  ready,
  reference,
  sentence,
  test,
  theModel,
} from './inspector-page.ts'
import { download, longestTask, numberIn, numbersOf, randomWhole, sizeOfPicture } from './tables.ts'
import { serveModel } from './tiny-model.ts'

test('a sentence is translated as the library does it', async ({ page }) => {
  await open(page)
  for (const source of [sentence, '机器学习', '你爱我龘']) {
    await page.getByLabel('Sentence').fill(source)
    await page.getByRole('button', { name: 'Translate' }).click()
    const { candidate, inspection } = await reference(source)
    await expect(page.getByTestId('translation')).toHaveText(candidate.text)
    await ready(page)
    await expect(page.getByTestId('source-tokens').locator('li')).toHaveText(inspection.source.map(labelOf))
    await expect(page.getByTestId('target-tokens').locator('li')).toHaveText(inspection.target.map(labelOf))
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

test('small maps and arcs show what the table says', async ({ page }) => {
  await open(page)
  await chooseTheme(page, 'light')
  const { inspection } = await reference()
  const place = randomHead()
  const { queries, keys, heads: all } = inspection.attention[place.site][place.layer]!
  const { weights } = all[place.head]!
  const button = page.getByRole('button', { name: `Show ${nameOf(place)}`, exact: true })
  const pixels = await button.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height)
    return { width, height, reds: Array.from({ length: width * height }, (_, cell) => data[cell * 4]!) }
  })
  expect([pixels.height, pixels.width]).toEqual([queries, keys])
  // In the light theme, more attention is darker.
  const order = [...weights.keys()].toSorted((one, other) => weights[one]! - weights[other]!)
  for (const [index, cell] of order.slice(1).entries()) {
    expect(pixels.reds[cell]!).toBeLessThanOrEqual(pixels.reds[order[index]!]!)
  }
  expect(pixels.reds[order.at(-1)!]!).toBeLessThan(pixels.reds[order[0]!]!)

  await button.click()
  const arcs = page.getByRole('slider', { name: `Arcs: ${nameOf(place)}` })
  await arcs.focus()
  const query = randomWhole(0, queries - 1)
  for (let step = 0; step < query; step++) await page.keyboard.press('ArrowDown')
  const asked = (place.site === 'encoder' ? inspection.source : inspection.target).map(labelOf)[query]!
  const labels = (place.site === 'decoder' ? inspection.target : inspection.source).map(labelOf)
  const row = weights.slice(query * keys, (query + 1) * keys)
  const strongest = row.indexOf(Math.max(...row))
  const reading = (await arcs.getAttribute('aria-valuetext'))!
  const start = `${asked} looks at ${labels[strongest]} (`
  expect(reading.slice(0, start.length)).toBe(start)
  expectNear([numberIn(reading.slice(start.length).split(')')[0]!)], [row[strongest]!])
})

test('from the picture to the numbers, with the pointer and with the keyboard', async ({ page }) => {
  await open(page)
  const parameters = (await theModel()).translator.model.parameters()
  const layer = randomWhole(0, layers - 1)
  const details = page.getByTestId('block')
  for (const [name, path] of [
    ['Encoder: Source embedding', 'sourceEmbedding'],
    [`Encoder, layer ${layer + 1}: Self-attention`, `encoder.layers.${layer}.selfAttention`],
    [`Decoder, layer ${layer + 1}: Masked self-attention`, `decoder.layers.${layer}.selfAttention`],
    [`Decoder, layer ${layer + 1}: Cross-attention`, `decoder.layers.${layer}.crossAttention`],
    [`Decoder, layer ${layer + 1}: Feed-forward`, `decoder.layers.${layer}.feedForward`],
    ['Encoder: Norm', 'encoder.norm'],
  ] as const) {
    const block = page.getByRole('button', { name, exact: true })
    if (randomWhole(0, 1) === 0) await block.click()
    else {
      await block.focus()
      await page.keyboard.press('Enter')
    }
    await expect(block).toHaveAttribute('aria-pressed', 'true')
    await expect(details.getByRole('heading', { level: 4 })).toHaveText(name)
    const own = [...parameters].filter(([each]) => each.startsWith(`${path}.`))
    const rows = details.locator('tbody tr')
    await expect(rows).toHaveCount(own.length)
    const shown = new Map<string, readonly string[]>()
    for (const row of await rows.all()) {
      shown.set(await row.getByRole('rowheader').innerText(), await row.getByRole('cell').allInnerTexts())
    }
    let count = 0
    for (const [each, { value }] of own) {
      const [shape, size, norm] = shown.get(each.slice(path.length + 1))!
      const numbers = [...(await value.read())].map(Number)
      expect(shape!.match(/\d+/g)!.map(Number)).toEqual(value.shape)
      expect(Number(size!.replaceAll(',', ''))).toBe(numbers.length)
      let squares = 0
      for (const number of numbers) squares += number * number
      expectNear([numberIn(norm!)], [Math.sqrt(squares)])
      count += numbers.length
    }
    await expect(details.getByTestId('block-size')).toHaveText(count.toLocaleString('en'))
  }
  const { inspection } = await reference()
  await page.getByRole('button', { name: `Decoder, layer ${layer + 1}: Cross-attention` }).click()
  await expect(details).toContainText(
    new RegExp(
      `\\[batch\\s1, heads\\s${heads}, query\\s${inspection.target.length}, key\\s${inspection.source.length}\\]`,
    ),
  )
  const head = randomWhole(0, heads - 1)
  await details.getByRole('button', { name: `Head ${head + 1}` }).click()
  await expect(
    mapNamed(page, `Weights: ${nameOf({ site: 'cross', layer, head })}`).getByRole('grid'),
  ).toBeInViewport()
  await page.getByRole('button', { name: 'Decoder: Linear and softmax' }).click()
  await page.getByRole('button', { name: 'See the probabilities of the next token' }).click()
  await expect(page.getByRole('heading', { name: 'The next token' })).toBeInViewport()
})

test('both masks, and padding that changes nothing else', async ({ page }) => {
  await open(page)
  const padding = randomWhole(1, 8)
  await page.getByLabel('Tokens of padding').fill(String(padding))
  await expect(page.getByTestId('source-tokens').locator('li', { hasText: '<pad>' })).toHaveCount(padding)
  const real = [...sentence].length + 1
  const { candidate, inspection } = await reference(sentence, [], real + padding)
  await expect(page.getByTestId('translation')).toHaveText(candidate.text)
  for (const [site, name] of [
    ['encoder', 'Encoder self-attention: padding mask'],
    ['decoder', 'Decoder self-attention: causal mask'],
    ['cross', 'Cross-attention: padding mask'],
  ] as const) {
    const shown = await numbersOfMap(page, name)
    for (const [query, row] of shown.entries()) {
      for (const [key, value] of row.entries()) {
        expect(value).toBe(Number(site === 'decoder' ? key <= query : key < real))
      }
    }
    expect(shown.flat()).toEqual([...inspection.attention[site][0]!.heads[0]!.mask])
  }
})

test('norms of the residual stream', async ({ page }) => {
  await open(page)
  const { inspection } = await reference()
  for (const [stack, name] of [
    ['encoder', 'Encoder: norm by layer and token'],
    ['decoder', 'Decoder: norm by layer and token'],
  ] as const) {
    const shown = await numbersOfMap(page, name)
    expect(shown).toHaveLength(layers + 1)
    for (const [layer, row] of shown.entries()) expectNear(row, inspection.residualNorms[stack][layer]!)
  }
})

test('the next token at every position', async ({ page }) => {
  await open(page)
  const { inspection } = await reference()
  const section = page.getByTestId('next-token')
  for (let round = 0; round < 3; round++) {
    const position = randomWhole(0, inspection.target.length - 1)
    const positions = section.getByRole('group', { name: 'Position in the translation' })
    await positions.getByRole('button').nth(position).click()
    const { candidates, next } = inspection.predictions[position]!
    const table = section.getByRole('table')
    await expect(section.getByTestId('follows')).toContainText(`follows ${labelOf(next)},`)
    expect(await table.getByRole('rowheader').allInnerTexts()).toEqual(candidates.map(labelOf))
    for (const [rank, row] of (await numbersOf(table)).entries()) {
      const { id, probability, logProbability, logit } = candidates[rank]!
      expectNear(row, [id, probability, logProbability, logit])
    }
    await expect(page).toHaveURL(position === 0 ? /sentence=/ : new RegExp(`position=${position}`))
  }
})

test('heads that are switched off: the translation and its log-probability beside those of the whole model', async ({
  page,
}) => {
  await open(page)
  const whole = await reference()
  // All heads of one cross-attention, and one more: enough to be seen.
  const layer = randomWhole(0, layers - 1)
  const off: HeadPlace[] = Array.from({ length: heads }, (_, head) => ({ site: 'cross', layer, head }))
  off.push({ site: 'encoder', layer: randomWhole(0, layers - 1), head: randomWhole(0, heads - 1) })
  for (const place of off) {
    await page.getByRole('button', { name: `Switch off ${nameOf(place)}`, exact: true }).click()
  }
  const section = page.getByTestId('ablation')
  await expect(section.getByRole('button', { name: 'Switch on' })).toHaveCount(off.length)
  await ready(page)
  const ablated = await reference(sentence, off)
  await expect(section.getByTestId('translation-ablated')).toHaveText(ablated.candidate.text)
  await expect(section.getByTestId('translation-whole')).toHaveText(whole.candidate.text)
  await expect(page.getByTestId('translation')).toHaveText(ablated.candidate.text)
  const { translator } = await theModel()
  const comparison = await compareAblation(translator, sentence, whole.candidate.tokens, off)
  const shown = await numbersOf(section.getByRole('table'))
  expect(shown).toHaveLength(comparison.tokens.length)
  for (const [index, row] of shown.entries()) {
    const { whole, ablated, change } = comparison.tokens[index]!
    expectNear(row, [whole, ablated, change])
  }
  const change = await section.getByTestId('change').innerText()
  expectNear(change.match(/−?\d+(\.\d+)?/g)!.map(numberIn), [
    comparison.whole,
    comparison.ablated,
    comparison.change,
  ])
  for (const [name, { candidate }] of [
    ['whole', whole],
    ['ablated', ablated],
  ] as const) {
    const text = await section.getByTestId(`log-probability-${name}`).innerText()
    expectNear([numberIn(text.split(' ')[1]!)], [candidate.logProbability])
  }
  // The maps are those of the model without the heads.
  const weights = await numbersOfMap(page, `Weights: ${nameOf({ site: 'cross', layer: 0, head: 0 })}`)
  expectNear(weights.flat(), ablated.inspection.attention.cross[0]!.heads[0]!.weights)

  await section.getByRole('button', { name: `Switch on ${nameOf(off[0]!)}` }).click()
  await expect(section.getByRole('button', { name: 'Switch on' })).toHaveCount(off.length - 1)
  await section.getByRole('button', { name: 'All heads on' }).click()
  await expect(section.getByTestId('translation-ablated')).toHaveCount(0)
  await expect(page.getByTestId('translation')).toHaveText(whole.candidate.text)
})

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
  // The machine may be busy with something else; the page itself is what is asked about.
  await expect(async () => {
    const longest = await longestTask(page, async () => {
      for (let round = 0; round < 3; round++) {
        await page.getByRole('button', { name: `Show ${nameOf(randomHead())}`, exact: true }).click()
        const switches = page.getByTestId('overview-cross').getByRole('button', { name: 'Switch off' })
        await switches.nth(randomWhole(0, layers * heads - 1)).click()
        await ready(page)
        await page.getByLabel('Sentence').fill('我爱学习机器'.repeat(randomWhole(1, 4)))
        await page.getByRole('button', { name: 'Translate' }).click()
        await ready(page)
        await page.waitForTimeout(100)
      }
    })
    expect(longest).toBeLessThanOrEqual(50)
  }).toPass({ timeout: 40_000 })
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
