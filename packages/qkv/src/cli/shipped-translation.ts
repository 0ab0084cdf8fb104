import type { BackendChoice } from '@qkv/tensor'
import { UsageError } from '../errors/usage-error.ts'
import { findShippedModel } from '../run/shipped-models.ts'
import { loadTranslator, translate } from '../run/translator.ts'
import { type Io, writeLine } from './io.ts'
import { sentencesOf } from './sentences-of.ts'

export interface ShippedTranslations {
  readonly translations: readonly { readonly source: string; readonly text: string }[]
  /** Why there are none. */
  readonly missing?: string
}

/** The larger model, trained for hours on sentences of all kinds; its package may not be installed. */
export async function translateWithShipped(
  sentences: readonly string[],
  backend: readonly BackendChoice[],
  io: Io,
): Promise<ShippedTranslations> {
  try {
    const results = await translate(findShippedModel('zh', 'en', io.cwd), sentences, { backend })
    return { translations: results.map(({ source, text }) => ({ source, text })) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { translations: [], missing: error.message }
  }
}

/** A line in, a line out, until the input ends. */
export async function translateLines(backend: readonly BackendChoice[], io: Io): Promise<void> {
  const translator = await loadTranslator(findShippedModel('zh', 'en', io.cwd), { backend })
  try {
    for await (const sentence of sentencesOf([], io)) {
      const [translation] = await translator.translate([sentence])
      writeLine(io.stdout, translation!.text)
    }
  } finally {
    await translator.dispose()
  }
}
