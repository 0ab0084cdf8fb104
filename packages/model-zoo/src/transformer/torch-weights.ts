import { unpackProjections } from '../unpack-projections.ts'
import type { WeightArray } from '../weight-array.ts'

const roles = { q: 'query', k: 'key', v: 'value' } as const

/**
 * Renames the weights of PyTorch's `nn.Transformer` (or of its layers, or `nn.MultiheadAttention`) to the paths of
 * this package, and cuts the packed query, key and value projection in three. Other names pass through.
 *
 * @example
 * model.encoder.loadState(fromTorchTransformer(encoderState))
 */
export function fromTorchTransformer<Weight extends WeightArray>(
  entries: Iterable<readonly [name: string, array: Weight]>,
): Map<string, Weight> {
  const renamed = new Map<string, Weight>()
  const all = [...entries]
  const crossLayers = new Set(all.flatMap(([name]) => /^(.*?)multihead_attn\./.exec(name)?.slice(1, 2) ?? []))
  for (const [name, array] of all) {
    const packed = /^(.*?)in_proj_(weight|bias)$/.exec(name)
    if (!packed) renamed.set(renameLayer(name, crossLayers), array)
    else {
      for (const [role, part] of unpackProjections(array)) {
        renamed.set(`${renameLayer(packed[1]!, crossLayers)}${role}.${packed[2]}`, part)
      }
    }
  }
  return renamed
}

/** In a layer with a second attention, its norm stands between the two others. */
function renameLayer(name: string, crossLayers: ReadonlySet<string>): string {
  const layer = /^(.*?)norm[123]\./.exec(name)?.[1]
  const norms = [
    'selfAttentionSublayer.norm',
    ...(layer !== undefined && crossLayers.has(layer) ? ['crossAttentionSublayer.norm'] : []),
    'feedForwardSublayer.norm',
  ]
  return name
    .replace('self_attn.', 'selfAttention.')
    .replace('multihead_attn.', 'crossAttention.')
    .replace('out_proj.', 'output.')
    .replace(/([qkv])_proj_weight$/, (_, letter: keyof typeof roles) => `${roles[letter]}.weight`)
    .replace(/norm([123])(?=\.(?:weight|bias)$)/, (_, number: string) => norms[Number(number) - 1]!)
    .replace('linear1.', 'feedForward.up.')
    .replace('linear2.', 'feedForward.down.')
}
