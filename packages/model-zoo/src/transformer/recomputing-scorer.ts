import { gather, reshape, slice, type Tensor } from '@qkv/tensor'
import type { TokenScorer } from '@qkv/nn'
import { padTokens, stackTokens } from '../pad-tokens.ts'
import type { Transformer } from './model.ts'
import type { TransformerTap } from './tap.ts'

/**
 * Decodes without cached keys and values: every step computes the whole target anew. For decoders whose layers look at
 * more than keys and values of earlier positions, such as convolutional ones.
 */
export function createRecomputingScorer(
  model: Transformer,
  sources: readonly (readonly number[])[],
  tap?: TransformerTap,
): TokenScorer {
  const { paddingId, sourceVocabularySize, targetVocabularySize } = model.config
  const { device } = model.targetEmbedding.table
  let source: Tensor = device.retain(
    padTokens(device, sources, { paddingId, vocabularySize: sourceVocabularySize }),
  )
  let rows: readonly (readonly number[])[] = []

  return {
    vocabularySize: targetVocabularySize,
    advance(tokens) {
      rows = tokens.map((added, row) => [...(rows[row] ?? []), ...added])
      return device.scoped(() => {
        const target = stackTokens(device, rows, { vocabularySize: targetVocabularySize })
        const last = slice(model.forward(source, target, tap), [{}, { start: -1 }])
        return reshape(last, [rows.length, targetVocabularySize])
      })
    },
    select(chosen) {
      rows = chosen.map((row) => rows[row]!)
      const before = source
      source = device.scoped(() =>
        device.retain(gather(before, device.tensor(Int32Array.from(chosen)), { axis: 0 })),
      )
      before.dispose()
    },
    dispose() {
      source.dispose()
    },
  }
}
