import { gather, reshape, slice, type Tensor } from '@qkv/tensor'
import { padTokens, stackTokens } from '../pad-tokens.ts'
import type { TokenScorer } from '@qkv/nn'
import type { Transformer } from './model.ts'
import type { TransformerTap } from './tap.ts'

/** Decodes with cached keys and values: each step computes the new positions only. */
export function createCachedScorer(
  model: Transformer,
  sources: readonly (readonly number[])[],
  tap?: TransformerTap,
): TokenScorer {
  const { paddingId, sourceVocabularySize, targetVocabularySize } = model.config
  const { device } = model.targetEmbedding.table
  const caches = model.decoder.createCaches()
  let { memory, padding } = device.scoped(() => {
    const source = padTokens(device, sources, { paddingId, vocabularySize: sourceVocabularySize })
    const encoded = model.encode(source, tap)
    return { memory: device.retain(encoded.memory), padding: device.retain(encoded.padding) }
  })
  let length = 0

  const replace = (old: Tensor, rows: Tensor): Tensor => {
    const selected = device.retain(gather(old, rows, { axis: 0 }))
    old.dispose()
    return selected
  }

  return {
    vocabularySize: targetVocabularySize,
    advance(tokens) {
      return device.scoped(() => {
        const target = stackTokens(device, tokens, { vocabularySize: targetVocabularySize })
        const hidden = model.decoder.forward({
          x: model.embedTarget(target, length),
          padding: 'none',
          memory,
          memoryPadding: padding,
          caches,
          tap,
        })
        length += target.shape[1]!
        const last = slice(hidden, [{}, { start: -1 }])
        return model.output.forward(reshape(last, [tokens.length, hidden.shape[2]!]))
      })
    },
    select(rows) {
      device.scoped(() => {
        const indices = device.tensor(Int32Array.from(rows))
        memory = replace(memory, indices)
        padding = replace(padding, indices)
        for (const { self, cross } of caches) {
          self.select(indices)
          cross.select(indices)
        }
      })
    },
    dispose() {
      memory.dispose()
      padding.dispose()
      for (const { self, cross } of caches) {
        self.dispose()
        cross.dispose()
      }
    },
  }
}
