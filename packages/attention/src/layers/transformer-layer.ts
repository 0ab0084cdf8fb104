import { type FeedForward, type Initialization, Module } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import { CompositionError } from '../errors.ts'
import {
  type AttentionCall,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from '../multi-head-attention.ts'
import { Sublayer, type SublayerOptions } from './sublayer.ts'

export interface TransformerLayerOptions extends SublayerOptions {
  readonly attention: Omit<MultiHeadAttentionOptions, 'width'>
  /** Attention from this layer's hidden state to another sequence: what makes it a decoder layer of the paper. */
  readonly crossAttention?: Omit<MultiHeadAttentionOptions, 'width'>
  /** The position-wise network: any module from `[batch, length, width]` to the same. */
  readonly feedForward: FeedForward
}

/** What a layer with cross-attention attends to. */
export interface CrossInput {
  /** `[batch, key, width]` */
  readonly memory: Tensor
  readonly call: AttentionCall
}

/**
 * Self-attention, cross-attention if there is any, and a feed-forward network, each in a residual sublayer: the
 * layer that encoders, decoders and language models are stacks of.
 *
 * @example
 * const layer = new TransformerLayer(init, { width: 64, norm: 'pre', dropout: 0, epsilon: 1e-5, attention, feedForward })
 * const hidden = layer.forward(x, call) // [batch, length, width]
 */
export class TransformerLayer extends Module {
  readonly selfAttention: MultiHeadAttention
  readonly selfAttentionSublayer: Sublayer
  readonly crossAttention: MultiHeadAttention | undefined
  readonly crossAttentionSublayer: Sublayer | undefined
  readonly feedForward: FeedForward
  readonly feedForwardSublayer: Sublayer

  constructor(init: Initialization, options: TransformerLayerOptions) {
    super()
    const { width, attention, crossAttention, feedForward } = options
    this.selfAttention = new MultiHeadAttention(init, { ...attention, width })
    this.selfAttentionSublayer = new Sublayer(init, options)
    if (crossAttention) {
      this.crossAttention = new MultiHeadAttention(init, { ...crossAttention, width })
      this.crossAttentionSublayer = new Sublayer(init, options)
    }
    this.feedForward = feedForward
    this.feedForwardSublayer = new Sublayer(init, options)
  }

  /** `x` is `[batch, length, width]`; `cross` is needed by a layer with cross-attention, and by no other. */
  forward(x: Tensor, call: AttentionCall, cross?: CrossInput): Tensor {
    if (cross && !this.crossAttention) throw unusedCrossError()
    return x.device.scoped(() => {
      let hidden = this.selfAttentionSublayer.forward(x, (input) =>
        this.selfAttention.forward(input, input, call),
      )
      if (this.crossAttention && this.crossAttentionSublayer) {
        const { memory, call: crossCall } = requireCross(cross)
        const attend = (input: Tensor): Tensor => this.crossAttention!.forward(input, memory, crossCall)
        hidden = this.crossAttentionSublayer.forward(hidden, attend)
      }
      return this.feedForwardSublayer.forward(hidden, (input) => this.feedForward.forward(input))
    })
  }
}

function requireCross(cross: CrossInput | undefined): CrossInput {
  if (cross) return cross
  throw new CompositionError({
    operation: 'TransformerLayer',
    argument: 'cross',
    got: 'is missing',
    expected: 'the memory that this layer attends to, and the call for it',
    fix: 'Pass `{ memory, call }`, or build the layer without `crossAttention`.',
  })
}

function unusedCrossError(): CompositionError {
  return new CompositionError({
    operation: 'TransformerLayer',
    argument: 'cross',
    got: 'is given',
    expected: 'none: this layer has no cross-attention',
    fix: 'Build it with `crossAttention`, or leave the memory out.',
  })
}
