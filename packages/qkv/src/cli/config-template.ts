/** What `qkv init` writes; with backends by preference where they are said. */
export function configTemplate(backend?: readonly string[]): string {
  const names = backend?.map((name) => JSON.stringify(name)).join(', ')
  const chosen = names === undefined ? '' : `  backend: [${names}],\n\n`
  return template.replace('  // The Chinese', chosen + '  // The Chinese')
}

const template = `import { defineConfig } from 'qkv'

export default defineConfig({
  // The run is kept in runs/<name>: checkpoints, log, and in the end the model.
  name: 'translation',

  // The Chinese-English phrase book that comes with qkv. Data of your own, tab-separated or as two aligned files:
  // data: { train: 'train.tsv', validation: 'validation.tsv', test: 'test.tsv' },
  // data: { train: { source: 'train.zh', target: 'train.en' }, validation: 500 },
  data: 'phrase-book',

  // One for each language; or one for both: { type: 'byte-level-bpe', vocabularySize: 4000 }.
  tokenizer: {
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
    // Parts of attention, by name; 'learned' instead of 'sinusoidal' learns the positions.
    attention: ['scaled-dot', 'sinusoidal'],
  },

  trainer: {
    optimizer: { type: 'adamw', beta2: 0.98 },
    schedule: 'cosine',
    learningRate: 5e-3,
    warmup: 100,
    labelSmoothing: 0,
    tokensPerBatch: 480,
    epochs: 4,
  },

  generation: { beams: 4, lengthPenalty: 1, maximumTokens: 40 },
})
`
