import { unpackProjections } from '../unpack-projections.ts'
import type { WeightArray } from '../weight-array.ts'

/**
 * Renames ViT weights from timm's names to the paths of this package. The convolution over patches becomes a linear
 * map of their pixels, and the packed `qkv` is cut into query, key and value.
 *
 * @example
 * model.loadState(fromTimmVit(weights))
 */
export function fromTimmVit<Weight extends WeightArray>(
  entries: Iterable<readonly [name: string, array: Weight]>,
): Map<string, Weight> {
  const renamed = new Map<string, Weight>()
  for (const [name, array] of entries) {
    const packed = /^blocks\.(\d+)\.attn\.qkv\.(weight|bias)$/.exec(name)
    if (!packed) {
      renamed.set(renameVit(name), flattened(name, array))
      continue
    }
    for (const [role, part] of unpackProjections(array)) {
      renamed.set(`encoder.layers.${packed[1]}.selfAttention.${role}.${packed[2]}`, part)
    }
  }
  return renamed
}

function renameVit(name: string): string {
  return name
    .replace(/^patch_embed\.proj\./, 'patches.')
    .replace(/^pos_embed$/, 'positions.parts.learned.table')
    .replace(/^cls_token$/, 'classToken')
    .replace(/^blocks\./, 'encoder.layers.')
    .replace('.norm1.', '.selfAttentionSublayer.norm.')
    .replace('.norm2.', '.feedForwardSublayer.norm.')
    .replace('.attn.proj.', '.selfAttention.output.')
    .replace('.mlp.fc1.', '.feedForward.up.')
    .replace('.mlp.fc2.', '.feedForward.down.')
    .replace(/^norm\./, 'encoder.norm.')
    .replace(/^head\./, 'output.')
}

/** Without axes of batches of one, and with the pixels of a patch as one axis. */
function flattened<Weight extends WeightArray>(name: string, array: Weight): Weight {
  const width = array.shape.at(-1)!
  switch (name) {
    case 'cls_token':
      return { ...array, shape: [width] }
    case 'pos_embed':
      return { ...array, shape: [array.data.length / width, width] }
    case 'patch_embed.proj.weight':
      return { ...array, shape: [array.shape[0]!, array.data.length / array.shape[0]!] }
    default:
      return array
  }
}
