import type { AttentionPlace, HiddenPlace, TransformerTap } from '@qkv/model-zoo'
import { type Device, stopGradient, type Tensor } from '@qkv/tensor'

/** The tensors of one attention, of a batch of one. */
export interface RecordedAttention extends AttentionPlace {
  /** `[1, heads, query, key]` */
  scores?: Tensor
  weights?: Tensor
  /** Broadcasts to the same; absent where every key is kept. */
  mask?: Tensor
}

export interface RecordedHidden extends HiddenPlace {
  /** `[1, length, width]` */
  readonly hidden: Tensor
}

/** What a forward pass went through, in order; the tensors live until it is disposed. */
export interface Recording {
  readonly tap: TransformerTap
  readonly attentions: readonly RecordedAttention[]
  readonly hidden: readonly RecordedHidden[]
  dispose(): void
}

/** Records a forward pass, which `inner` may change on its way. */
export function createRecording(device: Device, inner: TransformerTap = {}): Recording {
  const attentions: RecordedAttention[] = []
  const hidden: RecordedHidden[] = []
  const held: Tensor[] = []
  // A view of its own: the model may free or reuse the tensor, and the numbers stay.
  const hold = (tensor: Tensor): Tensor => {
    const view = device.retain(stopGradient(tensor))
    held.push(view)
    return view
  }
  return {
    attentions,
    hidden,
    tap: {
      attention(place) {
        const recorded: RecordedAttention = { ...place }
        attentions.push(recorded)
        const change = inner.attention?.(place)
        return (site, tensor) => {
          const result = change?.(site, tensor) ?? tensor
          if (site === 'scores' || site === 'weights' || site === 'mask') recorded[site] = hold(result)
          return result
        }
      },
      hidden(place, tensor) {
        const result = inner.hidden?.(place, tensor) ?? tensor
        hidden.push({ ...place, hidden: hold(result) })
        return result
      },
    },
    dispose() {
      for (const tensor of held) tensor.dispose()
    },
  }
}
