import type { AttentionPlace } from '@qkv/model-zoo'
import { broadcastTo, type Device, full, identity, mean, reshape, stack, type Tensor } from '@qkv/tensor'
import { RunError } from '../errors/run-error.ts'
import type { AttentionInspection, TranslationInspection } from './inspection.ts'
import { readComputed } from './read-computed.ts'
import type { RecordedAttention } from './recording.ts'

/** Copies recorded attentions to host memory, head by head. Throws a `RunError` for one without a score matrix. */
export async function readAttentions(
  device: Device,
  recorded: readonly RecordedAttention[],
): Promise<TranslationInspection['attention']> {
  const ofSite = (site: AttentionPlace['site']): Promise<AttentionInspection[]> =>
    Promise.all(recorded.filter((each) => each.site === site).map((each) => readAttention(device, each)))
  return { encoder: await ofSite('encoder'), decoder: await ofSite('decoder'), cross: await ofSite('cross') }
}

async function readAttention(device: Device, recorded: RecordedAttention): Promise<AttentionInspection> {
  const { scores, weights } = requireScores(recorded)
  const [, heads, queries, keys] = weights.shape as [number, number, number, number]
  const numbers = await readComputed(device, () => [
    identity(scores),
    identity(weights),
    identity(broadcastTo(recorded.mask ?? full(device, [1, 1, 1, 1], true), weights.shape)),
  ])
  const size = queries * keys
  return {
    queries,
    keys,
    heads: Array.from({ length: heads }, (_, head) => {
      const [ofScores, ofWeights, ofMask] = numbers.map((all) => all.slice(head * size, (head + 1) * size))
      return {
        scores: Float32Array.from(ofScores!),
        weights: Float32Array.from(ofWeights!),
        mask: Uint8Array.from(ofMask!),
      }
    }),
  }
}

/** Cross-attention averaged over the heads of each layer, and over all. */
export async function readAlignment(
  device: Device,
  recorded: readonly RecordedAttention[],
): Promise<TranslationInspection['alignment']> {
  const cross = recorded.filter(({ site }) => site === 'cross').map((each) => requireScores(each).weights)
  const averages = await readComputed(device, () => {
    const layers = cross.map((weights) => reshape(mean(weights, { axis: 1 }), weights.shape.slice(2)))
    return [...layers, mean(stack(layers), { axis: 0 })]
  })
  const maps = averages.map((numbers) => Float32Array.from(numbers))
  return { layers: maps.slice(0, -1), mean: maps.at(-1)! }
}

function requireScores({ site, layer, scores, weights }: RecordedAttention): {
  readonly scores: Tensor
  readonly weights: Tensor
} {
  if (scores && weights) return { scores, weights }
  throw new RunError({
    operation: 'inspectTranslation',
    argument: 'translator',
    got: `has ${site} attention without a score matrix (layer ${layer})`,
    expected: 'parts that score each key, such as scaled-dot',
    fix: 'Train a model with such parts to look at its attention.',
  })
}
