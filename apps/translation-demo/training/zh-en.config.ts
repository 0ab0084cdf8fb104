// Chinese to English: sentence pairs of Tatoeba, and the phrase book.
import { defineConfig } from 'qkv'
import { shared } from './shared.ts'

export default defineConfig({
  ...shared,
  name: 'zh-en',
  tokenizer: {
    source: { type: 'character-level', vocabularySize: 2600 },
    target: { type: 'byte-level-bpe', vocabularySize: 4000, dropout: 0.1 },
  },
})
