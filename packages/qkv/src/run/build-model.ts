import type { PartFactory } from '@qkv/attention'
import { Transformer } from '@qkv/model-zoo'
import { quantize } from '@qkv/nn'
import { type Device, RandomStream } from '@qkv/tensor'
import type { StoredModel } from './model-folder.ts'
import { restoreAttention } from './stored-attention.ts'

/**
 * The model of a folder with its weights, in evaluation. Throws a `StateError` when the weights belong to another model, and
 * a `ConfigError` when it needs a part that no plugin brings.
 */
export async function buildModel(
  { description, weights }: Pick<StoredModel, 'description' | 'weights'>,
  device: Device,
  parts: ReadonlyMap<string, PartFactory>,
): Promise<Transformer> {
  const { model: stored, quantization } = description
  const config = { ...stored, attention: restoreAttention(stored.attention, parts) }
  const model = new Transformer({ device, random: new RandomStream(0) }, config, parts)
  if (quantization) await quantize(model, { blockSize: quantization.blockSize ?? undefined })
  model.loadState(weights)
  model.evaluate()
  return model
}
