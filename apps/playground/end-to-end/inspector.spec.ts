import { chooseTheme, expect } from '@qkv/end-to-end'
import { compareAblation, type HeadPlace } from '@qkv/pipelines'
import {
  expectNear,
  heads,
  labelOf,
  layers,
  nameOf,
  open,
  randomHead,
  ready,
  reference,
  sentence,
  test,
  theModel,
} from './inspector-page.ts'
import { numberIn, numbersOf, randomWhole, mapNamed, numbersOfMap } from './tables.ts'

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
