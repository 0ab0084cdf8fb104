import type { PartFactory } from '@qkv/attention'
import type { AbortedSignal } from '@qkv/generation'
import type { Transformer } from '@qkv/model-zoo'
import type { Device } from '@qkv/tensor'
import type { ModelFiles } from '../files/model-files.ts'
import { readModel } from '../files/read-model.ts'
import { buildModel } from '../model/build-model.ts'
import type { GenerationSettings, TrainingRecord } from '../model/model-description.ts'
import type { Tokenizers } from '../tokens/tokenizers.ts'
import type { HeadPlace } from './ablation.ts'
import { translateTogether } from './translate-together.ts'

export interface TranslateOptions {
  /** Partial translations kept at each step; what the model was saved with unless said. */
  readonly beams?: number | undefined
  /** 0 prefers short translations, 1 takes the mean per token; what the model was saved with unless said. */
  readonly lengthPenalty?: number | undefined
  /** Longest translation in tokens. */
  readonly maximumTokens?: number | undefined
  /** How many translations of each text, at most `beams`; 1 unless said. */
  readonly nBest?: number | undefined
  /** Stops between two tokens; what was written by then is returned. */
  readonly signal?: AbortedSignal | undefined
  /**
   * Called after each decoding step, and waited for. To let a worker receive messages meanwhile, such as one that aborts
   * `signal`, return `nextTask()`.
   */
  readonly onStep?: ((progress: TranslationProgress) => void | Promise<void>) | undefined
  /** Heads whose output is zero. */
  readonly ablate?: readonly HeadPlace[] | undefined
}

/** One way to translate a text. */
export interface TranslationCandidate {
  readonly text: string
  /** Ids of the target tokenizer, without begin and end. */
  readonly tokens: readonly number[]
  /** Log-probability per length, in nats: the higher the better. */
  readonly score: number
  /** Sum over the tokens and the end, in nats. */
  readonly logProbability: number
}

export interface Translation {
  readonly source: string
  /** The best translation; empty for an empty source. */
  readonly text: string
  /** Best first; none for an empty source. */
  readonly candidates: readonly TranslationCandidate[]
}

/** The best translation of one text so far. */
export interface PartialTranslation extends TranslationCandidate {
  /** Which of the texts. */
  readonly index: number
  /** Whether it has ended; one that has not may still grow, or be overtaken by another. */
  readonly finished: boolean
}

/** How far the texts that are translated together have come. */
export interface TranslationProgress {
  /** Decoding steps, from 1 on. */
  readonly step: number
  /** Of each text that is not empty. */
  readonly partials: readonly PartialTranslation[]
}

export interface TranslatorParts {
  readonly model: Transformer
  readonly tokenizers: Tokenizers
  readonly generation: GenerationSettings
  readonly training?: TrainingRecord | undefined
}

/** A model with its tokenizers, ready to translate. */
export interface Translator extends TranslatorParts {
  readonly device: Device
  /** Translates texts, several at once; throws a `RunError` for one that is longer than the model can read. */
  translate(texts: readonly string[], options?: TranslateOptions): Promise<Translation[]>
  /** Frees the weights. */
  dispose(): Promise<void>
}

export interface LoadOptions {
  /** Where the weights go and the work is done; it stays the caller's. */
  readonly device: Device
  /** Attention parts by name, for models with parts of other packages. */
  readonly parts?: ReadonlyMap<string, PartFactory> | undefined
}

/** How many texts are translated at once: enough to fill a kernel, few enough for memory. */
const textsAtOnce = 64

/** A translator from parts that belong to somebody else: disposing it frees nothing. */
export function createTranslator(parts: TranslatorParts): Translator {
  const { model, tokenizers, generation, training } = parts
  return {
    device: model.targetEmbedding.table.device,
    model,
    tokenizers,
    generation,
    training,
    async translate(texts, options = {}) {
      const translations: Translation[] = []
      for (let start = 0; start < texts.length; start += textsAtOnce) {
        const chunk = texts.slice(start, start + textsAtOnce)
        translations.push(...(await translateTogether(parts, chunk, start, options)))
      }
      return translations
    },
    async dispose() {},
  }
}

/**
 * Loads a stored model. Throws a `RunError` when its files are missing or damaged, a `CheckpointError` when its weights are
 * damaged, and a `StateError` when they belong to another model; nothing stays on the device then.
 *
 * @example
 * const device = await openDevice({ backend: cpu() })
 * const translator = await loadTranslator(modelFilesFromUrl('https://example.org/models/zh-en/'), { device })
 * const [{ text }] = await translator.translate(['机器学习'])
 */
export async function loadTranslator(files: ModelFiles, options: LoadOptions): Promise<Translator> {
  const stored = await readModel(files)
  const model = await buildModel(stored, options.device, options.parts)
  const { tokenizers, description } = stored
  const { generation, training } = description
  return {
    ...createTranslator({ model, tokenizers, generation, training }),
    async dispose() {
      model.dispose()
    },
  }
}
