// Real sentences: Tatoeba pairs as tab-separated files, English and Chinese in this order, trained from Chinese to English.
// packages/data/README.md says how to get such files. Run it from the folder of this file:
//   QKV_DATA=/path/to/data npx qkv train
import { defineConfig } from 'qkv'

const folder = process.env['QKV_DATA'] ?? '../../../shared/data'
const file = (part: string): { path: string; sourceColumn: number; targetColumn: number } => ({
  path: `${folder}/translation/cmn-eng.${part}.tsv`,
  sourceColumn: 1,
  targetColumn: 0,
})

export default defineConfig({
  name: 'tatoeba-zh-en',
  data: { train: file('train'), validation: file('valid'), test: file('test') },
  tokenizer: {
    source: { type: 'byte-level-bpe', vocabularySize: 3000 },
    target: { type: 'byte-level-bpe', vocabularySize: 3000 },
  },
  model: { type: 'transformer', width: 128, heads: 4, encoderLayers: 2, decoderLayers: 2 },
  trainer: { schedule: 'cosine', learningRate: 2e-3, warmup: 200, tokensPerBatch: 1800, epochs: 3 },
})
