import type { TrainingPlan } from '@qkv/pipelines/training'
import { isPhraseBook, type TrainSettings } from './settings.ts'

/** Of a phrase book, which is the same for every seed of a training. */
export const phraseBookChoice = { seed: 1, validation: 200 } as const

/** What settings mean to the library, to the last field: the page and the downloaded config say the same. */
export function trainingPlan(settings: TrainSettings): TrainingPlan {
  const { width, heads, layers, attention, learningRate, tokensPerBatch, steps, seed } = settings
  const often = isPhraseBook(settings.task) ? 250 : 50
  return {
    tokenizer: tokenizerPlan(settings),
    model: {
      width,
      heads,
      encoderLayers: layers,
      decoderLayers: layers,
      innerWidth: isPhraseBook(settings.task) ? 3 * width : 2 * width,
      feedForward: 'relu',
      dropout: 0,
      attentionDropout: 0,
      norm: 'pre',
      finalNorm: true,
      epsilon: 1e-6,
      sharedEmbeddings: isPhraseBook(settings.task) ? 'target-and-output' : 'all',
      outputBias: false,
      maximumLength: 64,
      attention,
    },
    trainer: {
      optimizer: { type: 'adamw', beta2: 0.98 },
      schedule: 'cosine',
      learningRate,
      warmup: 100,
      labelSmoothing: 0,
      tokensPerBatch,
      accumulate: 1,
      length: { steps },
      clipNorm: 1,
      evaluateEvery: often,
      checkpointEvery: 50,
      patience: 'none',
      translatedPairs: 100,
      best: 'loss',
      seed,
    },
    evaluation: { bleuTokenizer: settings.task === 'en-zh' ? 'char' : '13a' },
    generation: { beams: 1, lengthPenalty: 1, maximumTokens: 40 },
  }
}

function tokenizerPlan({ task }: TrainSettings): TrainingPlan['tokenizer'] {
  if (!isPhraseBook(task)) {
    const symbols = { type: 'character-level', vocabularySize: 40 } as const
    return { shared: true, source: symbols, target: symbols }
  }
  // Room for every Chinese character, and for nearly every English word: short sequences are quick.
  const chinese = { type: 'byte-level-bpe', vocabularySize: 1700 } as const
  const english = { type: 'byte-level-bpe', vocabularySize: 1000 } as const
  return task === 'zh-en'
    ? { shared: false, source: chinese, target: english }
    : { shared: false, source: english, target: chinese }
}
