/** What `qkv init` writes. */
export const configTemplate = `import { defineConfig } from 'qkv'

export default defineConfig({
  // The run is kept in runs/<name>: checkpoints, log, and in the end the model.
  name: 'translation',

  // The Chinese-English phrase book that comes with qkv. Data of your own, tab-separated or as two aligned files:
  // data: { train: 'train.tsv', validation: 'validation.tsv', test: 'test.tsv' },
  // data: { train: { source: 'train.zh', target: 'train.en' }, validation: 500 },
  data: 'phrase-book',

  // One for both languages; or one for each: { source: { ... }, target: { ... } }.
  tokenizer: { type: 'byte-level-bpe', vocabularySize: 1200 },

  model: {
    type: 'transformer',
    width: 96,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 2,
    // Parts of attention, by name; 'learned' instead of 'sinusoidal' learns the positions.
    attention: ['scaled-dot', 'sinusoidal'],
  },

  trainer: {
    optimizer: 'adamw',
    schedule: 'cosine',
    learningRate: 3e-3,
    warmup: 100,
    labelSmoothing: 0.1,
    tokensPerBatch: 1536,
    epochs: 10,
  },

  generation: { beams: 4, lengthPenalty: 1, maximumTokens: 48 },
})
`
