// English to Chinese, with the text of the other direction; the Chinese side is written character by character.
import { defineConfig } from 'qkv'
import { shared } from './shared.ts'

export default defineConfig({
  ...shared,
  name: 'en-zh',
  data: { ...shared.data, direction: 'reverse' },
  tokenizer: {
    source: { type: 'byte-level-bpe', vocabularySize: 4000, dropout: 0.1 },
    target: { type: 'character-level', vocabularySize: 2600 },
  },
  evaluation: { bleuTokenizer: 'char' },
})
