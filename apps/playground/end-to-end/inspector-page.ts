import { addressOf, expect, type Page, test as base } from '@qkv/end-to-end'
import type { ModelBytes } from '@qkv/end-to-end/models'
import {
  inspectTranslation,
  type HeadPlace,
  type TokenDescription,
  type TranslationCandidate,
  type TranslationInspection,
  type Translator,
} from '@qkv/pipelines'
import { randomWhole } from './tables.ts'
import { serveModel, tinyModel, translatorOf } from './tiny-model.ts'

type Sites = 'encoder' | 'decoder' | 'cross'
const siteNames = {
  encoder: 'Encoder self-attention',
  decoder: 'Decoder self-attention',
  cross: 'Cross-attention',
} as const
export const layers = 2
export const heads = 3
export const sentence = '我爱学习机器'

interface LoadedModel {
  readonly files: ModelBytes
  readonly translator: Translator
}

let loaded: Promise<LoadedModel> | undefined

/** The small model that the page shows, in Node. */
export function theModel(): Promise<LoadedModel> {
  loaded ??= tinyModel('zh-en').then(async (files) => ({ files, translator: await translatorOf(files) }))
  return loaded
}

export const test = base.extend({
  page: async ({ page }, use) => {
    await serveModel(page, 'zh-en', (await theModel()).files)
    await use(page)
  },
})

export const address = (state: Readonly<Record<string, string>> = {}): string =>
  `${addressOf('playground')}#/inspector?${new URLSearchParams({ sentence, ...state }).toString()}`

export async function open(page: Page, state: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.goto(address(state))
  await ready(page)
}

export async function ready(page: Page, { timeout = 15_000 } = {}): Promise<void> {
  await expect(page.getByTestId('result')).toHaveAttribute('data-ready', 'true', { timeout })
}

export interface Reference {
  readonly candidate: TranslationCandidate
  readonly inspection: TranslationInspection
}

/** What the library computes for a sentence in Node. */
export async function reference(
  source = sentence,
  ablate: readonly HeadPlace[] = [],
  sourceLength?: number,
): Promise<Reference> {
  const { translator } = await theModel()
  const [translation] = await translator.translate([source], { ablate })
  const candidate = translation!.candidates[0]!
  const inspection = await inspectTranslation(translator, source, candidate.tokens, { ablate, sourceLength })
  return { candidate, inspection }
}

export function labelOf({ text, bytes }: Pick<TokenDescription, 'text' | 'bytes'>): string {
  const shown = text.trim() || '␣'
  return bytes ? `${shown} ${Buffer.from(bytes).toString('hex').toUpperCase()}` : shown
}

export function expectNear(got: readonly number[], wanted: ArrayLike<number>): void {
  expect(got).toHaveLength(wanted.length)
  for (const [index, value] of got.entries()) {
    const expected = wanted[index]!
    // Pages show four decimals, or two digits of small numbers; float32 adds its own rounding.
    expect(Math.abs(value - expected), `${value} for ${expected}`).toBeLessThan(
      2e-4 * (1 + Math.abs(expected)),
    )
  }
}

export function randomHead(): HeadPlace {
  const sites: readonly Sites[] = ['encoder', 'decoder', 'cross']
  return {
    site: sites[randomWhole(0, 2)]!,
    layer: randomWhole(0, layers - 1),
    head: randomWhole(0, heads - 1),
  }
}

export const nameOf = ({ site, layer, head }: HeadPlace): string =>
  `${siteNames[site]}, layer ${layer + 1}, head ${head + 1}`

/** Looks at heads, switches some off, and translates other sentences. */
export async function useInspector(page: Page): Promise<void> {
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
}
