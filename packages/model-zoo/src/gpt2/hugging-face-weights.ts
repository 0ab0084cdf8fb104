import { unpackProjections } from '../unpack-projections.ts'
import type { WeightArray } from '../weight-array.ts'

/**
 * Renames GPT-2 weights from the Hugging Face names to the paths of this package. Their linear layers hold weights
 * `[in, out]`, which are transposed; the packed `c_attn` is cut into query, key and value.
 *
 * @example
 * model.loadState(fromHuggingFaceGpt2(weights))
 */
export function fromHuggingFaceGpt2<Weight extends WeightArray>(
  entries: Iterable<readonly [name: string, array: Weight]>,
): Map<string, Weight> {
  const renamed = new Map<string, Weight>()
  for (const [fullName, array] of entries) {
    const name = fullName.replace(/^transformer\./, '')
    // The causal masks that old checkpoints hold, and the output that is tied to the embedding.
    if (/\.attn\.(bias|masked_bias)$/.test(name) || name === 'lm_head.weight') continue
    const layer = /^h\.(\d+)\.(.+)\.(weight|bias)$/.exec(name)
    if (!layer) renamed.set(topLevelNames[name] ?? name, array)
    else addLayer(renamed, `layers.${layer[1]}`, layer[2]!, layer[3]!, array)
  }
  return renamed
}

const topLevelNames: Readonly<Record<string, string>> = {
  'wte.weight': 'embedding.table',
  'wpe.weight': 'positions.parts.learned.table',
  'ln_f.weight': 'norm.weight',
  'ln_f.bias': 'norm.bias',
}

const layerNames: Readonly<Record<string, string>> = {
  ln_1: 'selfAttentionSublayer.norm',
  ln_2: 'feedForwardSublayer.norm',
  'attn.c_proj': 'selfAttention.output',
  'mlp.c_fc': 'feedForward.up',
  'mlp.c_proj': 'feedForward.down',
}

function addLayer<Weight extends WeightArray>(
  renamed: Map<string, Weight>,
  layer: string,
  name: string,
  kind: string,
  array: Weight,
): void {
  const turned = kind === 'weight' && array.shape.length === 2 ? transposed(array) : array
  if (name !== 'attn.c_attn') {
    renamed.set(`${layer}.${layerNames[name] ?? name}.${kind}`, turned)
    return
  }
  for (const [role, part] of unpackProjections(turned)) {
    renamed.set(`${layer}.selfAttention.${role}.${kind}`, part)
  }
}

function transposed<Weight extends WeightArray>(array: Weight): Weight {
  const [rows, columns] = array.shape as [number, number]
  const data = array.data.slice()
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      data[column * rows + row] = array.data[row * columns + column]!
  }
  return { ...array, shape: [columns, rows], data }
}
