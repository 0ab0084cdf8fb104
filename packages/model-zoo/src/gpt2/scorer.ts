import { reshape, slice } from '@qkv/tensor'
import { stackTokens } from '../pad-tokens.ts'
import type { TokenScorer } from '@qkv/nn'
import type { Gpt2 } from './model.ts'

/** Decodes with cached keys and values. The model must be in evaluation. */
export function createScorer(model: Gpt2): TokenScorer {
  const { vocabularySize } = model.config
  const { device } = model.embedding.table
  const caches = model.createCaches()
  return {
    vocabularySize,
    advance(tokens) {
      return device.scoped(() => {
        const hidden = model.hidden(stackTokens(device, tokens, { vocabularySize }), caches)
        const last = slice(hidden, [{}, { start: -1 }])
        return model.output.forward(reshape(last, [tokens.length, hidden.shape[2]!]))
      })
    },
    select(rows) {
      device.scoped(() => {
        const indices = device.tensor(Int32Array.from(rows))
        for (const cache of caches) cache.select(indices)
      })
    },
    dispose() {
      for (const cache of caches) cache.dispose()
    },
  }
}
