import type { Config } from '../config/config.ts'

/** Small enough to learn the phrase book in a few minutes on two cores; the same weights come out every time. */
export const demoConfig: Config = {
  name: 'demo',
  data: { corpus: 'phrase-book', seed: 1, validation: 200 },
  tokenizer: { type: 'byte-level-bpe', vocabularySize: 1200 },
  model: {
    type: 'transformer',
    width: 96,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 2,
    innerWidth: 256,
    dropout: 0.05,
    maximumLength: 64,
  },
  trainer: {
    optimizer: 'adamw',
    schedule: 'cosine',
    learningRate: 3e-3,
    warmup: 100,
    labelSmoothing: 0.05,
    tokensPerBatch: 1536,
    steps: 1000,
    evaluateEvery: 250,
    checkpointEvery: 500,
    translatedPairs: 50,
    seed: 1,
  },
  generation: { beams: 4, lengthPenalty: 1, maximumTokens: 40 },
}
