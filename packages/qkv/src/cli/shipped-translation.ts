import type { Translator } from '@qkv/pipelines'
import type { BackendChoice } from '@qkv/tensor'
import { UsageError } from '../errors/usage-error.ts'
import { findShippedModel } from '../run/shipped-models.ts'
import { loadTranslator } from '../run/translator.ts'
import { type Io, writeLine } from './io.ts'
import { sentencesOf } from './sentences-of.ts'

/** A model that comes with qkv, or why there is none: its package may not be installed. */
export type Shipped =
  | { readonly translator: Translator; readonly missing?: undefined }
  | { readonly translator?: undefined; readonly missing: string }

/** Loads the larger model, trained for hours on sentences of all kinds. */
export async function loadShipped(backend: readonly BackendChoice[], io: Io): Promise<Shipped> {
  try {
    return { translator: await loadTranslator(findShippedModel('zh', 'en', io.cwd), { backend }) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { missing: error.message }
  }
}

/** A line in, a line out, until the input ends. */
export async function translateLines(translator: Translator, io: Io): Promise<void> {
  for await (const sentence of sentencesOf([], io)) {
    const [translation] = await translator.translate([sentence])
    writeLine(io.stdout, translation!.text)
  }
}
