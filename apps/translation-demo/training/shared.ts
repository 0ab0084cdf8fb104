import type { Config } from 'qkv'

const folder = process.env['QKV_DATA'] ?? '../../../../shared/data'
const file = (part: string): { path: string; sourceColumn: number; targetColumn: number } => ({
  path: `${folder}/translation/cmn-eng.${part}.tsv`,
  sourceColumn: 1,
  targetColumn: 0,
})

/** What both directions have in common. Trained from the folder of this file, as the models' cards tell. */
export const shared = {
  data: {
    train: [file('train'), { corpus: 'phrase-book' }],
    validation: file('valid'),
    test: file('test'),
  },
  model: {
    type: 'transformer',
    width: 256,
    heads: 4,
    encoderLayers: 3,
    decoderLayers: 3,
    innerWidth: 1024,
    dropout: 0.2,
    attentionDropout: 0.1,
    attention: ['scaled-dot', 'rope'],
  },
  trainer: {
    optimizer: { type: 'adamw', beta2: 0.98, weightDecay: 0.01 },
    schedule: 'cosine',
    learningRate: 1e-3,
    warmup: 400,
    labelSmoothing: 0.1,
    tokensPerBatch: 4096,
    evaluateEvery: 500,
    checkpointEvery: 250,
    translatedPairs: 1000,
    best: 'bleu',
    steps: 6000,
  },
} satisfies Partial<Config>
