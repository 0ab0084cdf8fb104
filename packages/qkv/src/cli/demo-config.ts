import type { Config } from '../config/config.ts'

/** Small enough to learn the phrase book in about a minute on two cores; the same weights come out every time. */
export const demoConfig: Config = {
  name: 'demo',
  data: { corpus: 'phrase-book', seed: 1, validation: 200 },
  tokenizer: {
    // Room for every Chinese character, and for nearly every English word: short sequences are quick.
    source: { type: 'byte-level-bpe', vocabularySize: 1700 },
    target: { type: 'byte-level-bpe', vocabularySize: 1000 },
  },
  model: {
    type: 'transformer',
    width: 64,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 2,
    innerWidth: 192,
    dropout: 0,
    maximumLength: 64,
  },
  trainer: {
    optimizer: { type: 'adamw', beta2: 0.98 },
    schedule: 'cosine',
    learningRate: 5e-3,
    warmup: 100,
    labelSmoothing: 0,
    // Small batches: many steps count more than smooth ones.
    tokensPerBatch: 480,
    steps: 3000,
    evaluateEvery: 750,
    checkpointEvery: 1500,
    translatedPairs: 30,
    seed: 1,
  },
  generation: { beams: 4, lengthPenalty: 1, maximumTokens: 40 },
}
