import type { PartFactory } from '@qkv/attention'
import { Transformer } from '@qkv/model-zoo'
import { quantize, zeros } from '@qkv/nn'
import { type Device, RandomStream } from '@qkv/tensor'
import type { StoredModel } from '../files/read-model.ts'
import { restoreAttention } from './stored-attention.ts'

/**
 * A stored model with its weights on a device, in evaluation. Throws a `StateError` when the weights belong to another model,
 * and a `MissingPartError` when it needs an attention part that is not among `parts`.
 *
 * @example
 * const model = await buildModel(await readModel(files), device)
 */
export async function buildModel(
  { description, weights }: Pick<StoredModel, 'description' | 'weights'>,
  device: Device,
  parts: ReadonlyMap<string, PartFactory> = new Map(),
): Promise<Transformer> {
  const { model: stored, quantization } = description
  const config = { ...stored, attention: restoreAttention(stored.attention, parts) }
  // The weights come from elsewhere; random ones would take seconds on slow backends.
  const initialization = { device, random: new RandomStream(0), initializer: zeros() }
  const model = new Transformer(initialization, config, parts)
  try {
    if (quantization) await quantize(model, { blockSize: quantization.blockSize ?? undefined })
    model.loadState(weights)
  } catch (error) {
    model.dispose()
    throw error
  }
  model.evaluate()
  return model
}
