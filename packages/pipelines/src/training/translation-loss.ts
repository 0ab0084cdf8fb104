import type { PairBatch } from '@qkv/data'
import type { Transformer } from '@qkv/model-zoo'
import { tokenLoss, type TokenLoss } from '@qkv/trainer'

/**
 * The loss of a batch of pairs: each target token is predicted from the source and the target tokens before it.
 *
 * @example
 * const trainer = new Trainer({ lossOf: (batch, model) => translationLoss(batch, model, { labelSmoothing: 0.1 }), ... })
 */
export function translationLoss(
  { source, target }: Pick<PairBatch, 'source' | 'target'>,
  model: Transformer,
  options: { readonly labelSmoothing: number },
): TokenLoss {
  const { device } = model.targetEmbedding.table
  const [rows, length] = target.shape
  const shape = [rows, length - 1] as const
  const read = new Int32Array(rows * (length - 1))
  const predicted = new Int32Array(rows * (length - 1))
  for (let row = 0; row < rows; row += 1) {
    const start = row * length
    read.set(target.ids.subarray(start, start + length - 1), row * (length - 1))
    predicted.set(target.ids.subarray(start + 1, start + length), row * (length - 1))
  }
  const logits = model.forward(
    device.tensor(source.ids, { shape: source.shape }),
    device.tensor(read, { shape }),
  )
  const { paddingId } = model.config
  return tokenLoss(logits, { ids: predicted, shape }, { paddingId, labelSmoothing: options.labelSmoothing })
}
