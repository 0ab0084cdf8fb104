import { ArgumentError, crossEntropy, type Tensor } from '@qkv/tensor'

/** What a batch costs. */
export interface TokenLoss {
  /** A scalar, in nats: the mean over the tokens. */
  readonly loss: Tensor
  /** How many tokens that mean is over, padding not included; for other data, how many examples. */
  readonly tokens: number
}

/** Token ids to be predicted, as `@qkv/data` pads them. */
export interface TargetIds {
  /** Row-major; axes `[batch, length]`. */
  readonly ids: Int32Array
  readonly shape: readonly number[]
}

/**
 * The mean cross entropy per token, in nats, of targets `[batch, length]` under logits `[batch, length, vocabulary]`.
 * Padding is ignored; `labelSmoothing`, 0 unless said, spreads that share of each target over the vocabulary.
 *
 * Throws an `ArgumentError` when the targets are all padding, and a `ShapeError` when they do not fit the logits.
 * Source: Szegedy et al. 2016, "Rethinking the Inception architecture for computer vision", section 7.
 *
 * @example
 * const lossOf = (batch, model) => tokenLoss(model.forward(batch.source), batch.target, { paddingId: 0, labelSmoothing: 0.1 })
 */
export function tokenLoss(
  logits: Tensor,
  targets: TargetIds,
  options: { readonly paddingId: number | null; readonly labelSmoothing?: number },
): TokenLoss {
  const { paddingId, labelSmoothing = 0 } = options
  const { ids, shape } = targets
  const tokens =
    paddingId === null ? ids.length : ids.reduce((count, id) => count + Number(id !== paddingId), 0)
  if (tokens === 0) {
    throw new ArgumentError({
      operation: 'tokenLoss',
      argument: 'targets',
      got: ids.length === 0 ? 'is empty' : `has no id but the padding ${paddingId}`,
      expected: 'at least one token to predict',
      fix: 'Leave such batches out, and check `paddingId`.',
    })
  }
  const loss = logits.device.scoped(() =>
    crossEntropy(logits, logits.device.tensor(ids, { shape }), { ignoreIndex: paddingId, labelSmoothing }),
  )
  return { loss, tokens }
}
