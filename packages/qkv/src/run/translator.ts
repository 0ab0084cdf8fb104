import { beamSearch, type AbortedSignal } from '@qkv/generation'
import type { Transformer } from '@qkv/model-zoo'
import type { BackendChoice, Device } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import type { ResolvedGeneration } from '../config/resolve-config.ts'
import { RunError } from '../errors/run-error.ts'
import { openDevice } from '../presets.ts'
import { buildModel } from './build-model.ts'
import { readModelFolder } from './model-folder.ts'
import { sortPlugins } from './sort-plugins.ts'
import { encodeSource, specialIds, type Tokenizers } from './tokenizers.ts'

export interface TranslateOptions {
  /** Partial translations kept at each step; what the model was saved with unless said. */
  readonly beams?: number | undefined
  /** 0 prefers short translations, 1 takes the mean per token; what the model was saved with unless said. */
  readonly lengthPenalty?: number | undefined
  /** Longest translation in tokens. */
  readonly maximumTokens?: number | undefined
  /** How many translations of each text, at most `beams`; 1 unless said. */
  readonly nBest?: number | undefined
  readonly signal?: AbortedSignal | undefined
}

/** One way to translate a text. */
export interface TranslationCandidate {
  readonly text: string
  /** Ids of the target tokenizer, without begin and end. */
  readonly tokens: readonly number[]
  /** Log-probability per length, in nats: the higher the better. */
  readonly score: number
}

export interface Translation {
  readonly source: string
  /** The best translation; empty for an empty source. */
  readonly text: string
  /** Best first; none for an empty source. */
  readonly candidates: readonly TranslationCandidate[]
}

/** A model with its tokenizers, ready to translate. */
export interface Translator {
  readonly device: Device
  readonly model: Transformer
  readonly tokenizers: Tokenizers
  readonly generation: ResolvedGeneration
  /** Translates texts, several at once; throws a `RunError` for one that is longer than the model can read. */
  translate(texts: readonly string[], options?: TranslateOptions): Promise<Translation[]>
  /** Frees the weights, and the device if it was opened for them. */
  dispose(): Promise<void>
}

export interface TranslatorParts {
  readonly model: Transformer
  readonly tokenizers: Tokenizers
  readonly generation: ResolvedGeneration
}

export interface LoadOptions {
  /** `cpu` unless said. */
  readonly backend?: BackendChoice | readonly BackendChoice[] | undefined
  /** Those of the config that the model was trained with. */
  readonly plugins?: readonly Plugin[] | undefined
}

/** How many texts are translated at once: enough to fill a kernel, few enough for memory. */
const textsAtOnce = 64

/** A translator from parts that belong to somebody else: disposing it frees nothing. */
export function createTranslator({ model, tokenizers, generation }: TranslatorParts): Translator {
  const { device } = model.targetEmbedding.table
  return {
    device,
    model,
    tokenizers,
    generation,
    async translate(texts, options = {}) {
      const translations: Translation[] = []
      for (let start = 0; start < texts.length; start += textsAtOnce) {
        const chunk = texts.slice(start, start + textsAtOnce)
        translations.push(
          ...(await translateTogether({ model, tokenizers, generation }, chunk, start, options)),
        )
      }
      return translations
    },
    async dispose() {},
  }
}

/**
 * Loads a model folder that training wrote. Throws a `RunError` when it is none, a `CheckpointError` when its weights
 * are damaged, and a `StateError` when they belong to another model.
 *
 * @example
 * const translator = await loadTranslator('runs/translation')
 * const [{ text }] = await translator.translate(['机器学习'])
 * await translator.dispose()
 */
export async function loadTranslator(folder: string, options: LoadOptions = {}): Promise<Translator> {
  const stored = await readModelFolder(folder)
  const { backends, parts } = sortPlugins(options.plugins ?? [])
  const device = await openDevice({ backend: options.backend ?? 'cpu', plugins: backends })
  try {
    const model = await buildModel(stored, device, parts)
    const { tokenizers, description } = stored
    return {
      ...createTranslator({ model, tokenizers, generation: description.generation }),
      async dispose() {
        model.dispose()
        await device.dispose()
      },
    }
  } catch (error) {
    await device.dispose()
    throw error
  }
}

/**
 * Translates texts with a model folder, and closes it again; `loadTranslator` is quicker for more than one call.
 *
 * @example
 * const [{ text }] = await translate('runs/translation', ['机器学习'])
 */
export async function translate(
  folder: string,
  texts: readonly string[],
  options: TranslateOptions & LoadOptions = {},
): Promise<Translation[]> {
  const translator = await loadTranslator(folder, options)
  try {
    return await translator.translate(texts, options)
  } finally {
    await translator.dispose()
  }
}

async function translateTogether(
  { model, tokenizers, generation }: TranslatorParts,
  texts: readonly string[],
  start: number,
  options: TranslateOptions,
): Promise<Translation[]> {
  const { maximumLength } = model.config
  const wanted = texts.flatMap((text, index) => (text.trim() === '' ? [] : [{ text, index }]))
  const sources = wanted.map(({ text, index }) => {
    const ids = encodeSource(tokenizers, text)
    if (ids.length > maximumLength) throw tooLongError(text, start + index, ids.length, maximumLength)
    return ids
  })
  const results: Translation[] = texts.map((source) => ({ source, text: '', candidates: [] }))
  if (sources.length === 0) return results
  const { beginId, endId } = specialIds(tokenizers.target)
  const hypotheses = await beamSearch(model.startDecoding(sources), {
    prompts: sources.map(() => [beginId]),
    endId,
    beams: options.beams ?? generation.beams,
    lengthPenalty: options.lengthPenalty ?? generation.lengthPenalty,
    // The begin token takes a position too.
    maximumTokens: Math.min(options.maximumTokens ?? generation.maximumTokens, maximumLength - 1),
    nBest: options.nBest ?? 1,
    ...(options.signal && { signal: options.signal }),
  })
  for (const [row, { text, index }] of wanted.entries()) {
    const candidates = (hypotheses[row] ?? []).map(({ tokens, score }) => ({
      text: tokenizers.target.decode(tokens),
      tokens,
      score,
    }))
    results[index] = { source: text, text: candidates[0]?.text ?? '', candidates }
  }
  return results
}

function tooLongError(text: string, index: number, tokens: number, maximumLength: number): RunError {
  return new RunError({
    operation: 'translate',
    argument: `texts[${index}]`,
    got: `has ${tokens} tokens (${JSON.stringify(text.slice(0, 30))}...)`,
    expected: `at most ${maximumLength}, the longest that the model can read`,
    fix: 'Split it into sentences, or train a model with a larger `maximumLength`.',
  })
}
