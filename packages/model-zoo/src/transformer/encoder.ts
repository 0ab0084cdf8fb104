import { type Composition, noMask, TransformerLayer } from '@qkv/attention'
import { type Initialization, LayerNorm, Module } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import { createStackFeedForward, type StackConfig } from './stack.ts'
import type { TransformerTap } from './tap.ts'

/**
 * A stack of self-attention layers: from embedded tokens to their representations in context.
 *
 * @example
 * const memory = encoder.forward(embedded, padding) // [batch, source, width]
 */
export class TransformerEncoder extends Module {
  readonly layers: readonly TransformerLayer[]
  readonly norm: LayerNorm | undefined

  constructor(
    init: Initialization,
    config: StackConfig & { readonly layers: number },
    composition: Composition,
  ) {
    super()
    const { width, heads, maximumLength, epsilon } = config
    this.layers = Array.from({ length: config.layers }, () => {
      const attention = { heads, composition, maximumLength }
      return new TransformerLayer(init, {
        ...config,
        attention,
        feedForward: createStackFeedForward(init, config, { causal: false }),
      })
    })
    this.norm = config.finalNorm ? new LayerNorm(init, { width, epsilon }) : undefined
  }

  /** `x` is `[batch, source, width]`, `padding` `bool` `[batch, source]` with true for real tokens. */
  forward(x: Tensor, padding: Tensor | 'none', tap: TransformerTap = {}): Tensor {
    return x.device.scoped(() => {
      const seen = (layer: number, hidden: Tensor): Tensor =>
        tap.hidden?.({ stack: 'encoder', layer }, hidden) ?? hidden
      const hidden = this.layers.reduce(
        (hidden, layer, index) => {
          const attentionTap = tap.attention?.({ site: 'encoder', layer: index })
          const call = { mask: noMask, side: { padding }, cache: 'none', tap: attentionTap } as const
          return seen(index + 1, layer.forward(hidden, call))
        },
        seen(0, x),
      )
      return this.norm ? this.norm.forward(hidden) : hidden
    })
  }
}
