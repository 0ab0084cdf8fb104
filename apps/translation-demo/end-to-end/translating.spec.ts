import { longestTask } from '@qkv/end-to-end'
import { describeTokenIds, describeTokens, inspectTranslation, type Translation } from '@qkv/pipelines'
import { expect, type Page, test, translate, waitUntilTranslated } from './site.ts'

const sentences = ['我爱机器学习。', '你爱学习吗？']

/** The texts that the translation went through while it was written. */
async function watchOutput(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(globalThis, { seen })
    const output = document.querySelector('.output')!
    new MutationObserver(() => seen.push(output.textContent.trim())).observe(output, {
      childList: true,
      characterData: true,
      subtree: true,
    })
  })
}

function seenTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
}

async function rowsOf(page: Page): Promise<string[][]> {
  const rows = await page.locator('tbody tr').all()
  return Promise.all(rows.map((row) => row.locator('th, td button, td.number').allInnerTexts()))
}

function wantedRows(beam: Translation, greedy: Translation): string[][] {
  const format = (value: number): string => value.toFixed(3)
  const row = (
    name: string,
    { text, score, logProbability }: Translation['candidates'][number],
  ): string[] => [name, text.trim().replaceAll(/\s+/g, ' '), format(score), format(logProbability)]
  return [
    ...beam.candidates.map((candidate, index) => row(`beam ${index + 1}`, candidate)),
    row('greedy', greedy.candidates[0]!),
  ]
}

function percents(weights: Float32Array): string[] {
  return Array.from(weights, (weight) => `${Math.round(weight * 100)}%`)
}

test('what is typed is translated as the library does it: beam, scores, greedy, pieces', async ({
  opened: page,
  site,
}) => {
  const translator = site.translators.get('zh-en')!
  for (const text of sentences) {
    await translate(page, text)
    const [beam] = await translator.translate([text], { nBest: 4 })
    const [greedy] = await translator.translate([text], { beams: 1 })
    const rows = await rowsOf(page)
    expect(rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, ' ')))).toEqual(
      wantedRows(beam!, greedy!),
    )
    const source = describeTokens(translator.tokenizers.source, text)
    await expect(page.getByRole('listitem').filter({ hasText: '%' })).toHaveCount(source.length + 1)
    const target = describeTokenIds(translator.tokenizers.target, beam!.candidates[0]!.tokens)
    await expect(page.getByRole('radio')).toHaveCount(target.length + 1)
    await expect(page.locator('.facts')).toHaveText(
      /Beam of 4: \d+\.\d\d s, [\d,]+ tokens\/s\s*greedy: \d+\.\d\d s, [\d,]+ tokens\/s/,
    )
  }
})

test('a translation is written token by token', async ({ opened: page, site }) => {
  const [text] = sentences
  await watchOutput(page)
  await translate(page, text!)
  const wanted: string[] = []
  const [translation] = await site.translators.get('zh-en')!.translate([text!], {
    onStep({ partials }) {
      wanted.push(partials[0]!.text.trim())
    },
  })
  wanted.push(translation!.text.trim())
  const seen = await seenTexts(page)
  expect(new Set(seen).size).toBeGreaterThan(5)
  for (const each of seen) expect(wanted).toContain(each)
})

test('a translation that is out of date is given up, and never shown', async ({ opened: page, site }) => {
  const translator = site.translators.get('zh-en')!
  const partialsOf = async (text: string): Promise<Set<string>> => {
    const partials = new Set<string>()
    await translator.translate([text], {
      onStep({ partials: [best] }) {
        partials.add(best!.text.trim())
      },
    })
    return partials
  }
  await watchOutput(page)
  // All within one turn: each has begun when the next one comes.
  await page.evaluate(
    (texts) => {
      for (const text of texts) {
        const button = [...document.querySelectorAll('button')].find(
          ({ textContent }) => textContent === text,
        )
        button!.click()
      }
    },
    ['今天天气很好。', '他昨天没来上班。', '我爱你。'],
  )
  await expect(page.locator('.output')).toHaveAttribute('aria-busy', 'false')
  await waitUntilTranslated(page)
  const [wanted] = await translator.translate(['我爱你。'])
  expect((await page.locator('.output').innerText()).trim()).toBe(wanted!.text.trim())
  const shown = [...(await partialsOf('我爱你。')), wanted!.text.trim()]
  for (const seen of await seenTexts(page)) expect(shown).toContain(seen)
  const announced = await page.locator('.unseen[role=status]').innerText()
  expect(announced).toBe(`Translation: ${wanted!.text}`.trim())
})

test('attention follows the pointer and the arrow keys, by layer and head and averaged', async ({
  opened: page,
  site,
}) => {
  const translator = site.translators.get('zh-en')!
  const text = sentences[0]!
  await translate(page, text)
  const [{ candidates }] = (await translator.translate([text])) as [Translation]
  const { alignment, attention, source, predictions } = await inspectTranslation(
    translator,
    text,
    candidates[0]!.tokens,
  )
  const shown = async (): Promise<string[]> => page.locator('.weight').allInnerTexts()
  const wanted = (map: Float32Array, row: number): string[] =>
    percents(map.slice(row * source.length, (row + 1) * source.length))
  const pieces = page.getByRole('radio')
  expect(await shown()).toEqual(wanted(alignment.mean, 0))
  for (const row of [3, 1, (await pieces.count()) - 1]) {
    await pieces.nth(row).hover()
    await expect(pieces.nth(row)).toBeChecked()
    expect(await shown()).toEqual(wanted(alignment.mean, row))
    const probability = Math.round(predictions[row]!.next.probability * 100)
    await expect(page.locator('.readout')).toContainText(`a probability of ${probability}%`)
  }
  const layer = page.getByLabel('Layer')
  const head = page.getByLabel('Head')
  await expect(head).toBeDisabled()
  await pieces.nth(0).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(pieces.nth(2)).toBeFocused()
  for (const index of alignment.layers.keys()) {
    await layer.selectOption(String(index + 1))
    await head.selectOption('mean of all')
    expect(await shown()).toEqual(wanted(alignment.layers[index]!, 2))
    for (const [number, { weights }] of attention.cross[index]!.heads.entries()) {
      await head.selectOption(String(number + 1))
      expect(await shown()).toEqual(wanted(weights, 2))
    }
  }
})

test('another candidate shows its own pieces and attention', async ({ opened: page, site }) => {
  const translator = site.translators.get('zh-en')!
  const text = sentences[0]!
  await translate(page, text)
  const [{ candidates }] = (await translator.translate([text], { nBest: 4 })) as [Translation]
  const { tokens } = candidates[2]!
  const { alignment, source } = await inspectTranslation(translator, text, tokens)
  await page.getByRole('row', { name: 'beam 3' }).getByRole('button').click()
  await expect(page.getByRole('radio')).toHaveCount(tokens.length + 1)
  const wanted = percents(alignment.mean.slice(0, source.length))
  await expect(async () => {
    expect(await page.locator('.weight').allInnerTexts()).toEqual(wanted)
  }).toPass()
})

test('the direction turns around, and the translation becomes the text', async ({ opened: page, site }) => {
  const before = await page.locator('.output').innerText()
  await page.getByRole('button', { name: 'Switch the direction' }).click()
  await expect(page.getByRole('textbox', { name: 'English' })).toBeVisible()
  expect((await page.getByRole('textbox').inputValue()).trim()).toBe(before.trim())
  await page.getByRole('button', { name: 'machine learning' }).click()
  await expect(page.locator('.output')).toHaveAttribute('aria-busy', 'false')
  await waitUntilTranslated(page)
  const [wanted] = await site.translators.get('en-zh')!.translate(['machine learning'])
  expect((await page.locator('.output').innerText()).trim()).toBe(wanted!.text.trim())
})

test('another backend computes the same, and the report says what it is', async ({ opened: page }) => {
  const numbersOf = (rows: readonly string[][]): number[] => rows.flatMap((row) => row.slice(2).map(Number))
  const before = await rowsOf(page)
  const panel = page.getByRole('region', { name: 'What computes' })
  await expect(panel).toContainText('WebAssembly with fused SIMD')
  await panel.getByLabel('Backend').selectOption('reference')
  await expect(panel).toContainText('double precision')
  await expect(page.locator('.output')).toHaveAttribute('aria-busy', 'false', { timeout: 30_000 })
  await waitUntilTranslated(page)
  const after = await rowsOf(page)
  expect(after.map((row) => row.slice(0, 2))).toEqual(before.map((row) => row.slice(0, 2)))
  const wanted = numbersOf(before)
  for (const [index, value] of numbersOf(after).entries()) expect(value).toBeCloseTo(wanted[index]!, 2)
})

test('the main thread is never blocked for 50 ms while the page translates', async ({ opened: page }) => {
  const { processor } = await longestTask(page, async () => {
    for (const text of sentences) await translate(page, text)
    await page.getByRole('textbox').pressSequentially('我们学习机器', { delay: 60 })
    await expect(page.locator('.output')).toHaveAttribute('aria-busy', 'false')
    await waitUntilTranslated(page)
  })
  expect(processor).toBeLessThanOrEqual(50)
})
