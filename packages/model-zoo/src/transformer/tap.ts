import type { Tap } from '@qkv/attention'
import type { Tensor } from '@qkv/tensor'

/** One attention of the model; layers are counted from 0. */
export interface AttentionPlace {
  /** Self-attention of the encoder or the decoder, or from the decoder to the encoder's output. */
  readonly site: 'encoder' | 'decoder' | 'cross'
  readonly layer: number
}

/** A hidden state of the model: after the embedding with its positions, where `layer` is 0, or after that many layers. */
export interface HiddenPlace {
  readonly stack: 'encoder' | 'decoder'
  readonly layer: number
}

/** Sees, and may replace, what a model computes on its way. */
export interface TransformerTap {
  /** The tap of one attention, which then runs stage by stage; `undefined` leaves it as fast as it is. */
  attention?(place: AttentionPlace): Tap | undefined
  /** Sees a hidden state `[batch, length, width]`, and returns it or another one of the same shape. */
  hidden?(place: HiddenPlace, hidden: Tensor): Tensor
}
