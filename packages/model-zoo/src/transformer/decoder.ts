import {
  type AttentionCache,
  type Composition,
  CompositionError,
  fixedCache,
  createCache,
  noMask,
  TransformerLayer,
} from '@qkv/attention'
import { ConvolutionalFeedForward, type Initialization, LayerNorm, Module } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import { createStackFeedForward, type StackConfig } from './stack.ts'
import type { TransformerTap } from './tap.ts'

/** The keys and values of one decoder layer, kept while text is generated. */
export interface LayerCaches {
  readonly self: AttentionCache
  readonly cross: AttentionCache
}

export interface DecoderInput {
  /** `[batch, target, width]` */
  readonly x: Tensor
  /** `bool` `[batch, target]`, true for real tokens. */
  readonly padding: Tensor | 'none'
  /** The encoder's output `[batch, source, width]`. */
  readonly memory: Tensor
  /** `bool` `[batch, source]`, true for real tokens. */
  readonly memoryPadding: Tensor | 'none'
  /** One entry per layer; `'none'` when the whole target is given at once. */
  readonly caches: readonly LayerCaches[] | 'none'
  readonly tap?: TransformerTap | undefined
}

/**
 * A stack of layers that attend to what was written so far, and to the encoder's output.
 *
 * @example
 * const hidden = decoder.forward({ x, padding, memory, memoryPadding, caches: 'none' }) // [batch, target, width]
 */
export class TransformerDecoder extends Module {
  readonly layers: readonly TransformerLayer[]
  readonly norm: LayerNorm | undefined
  /**
   * Whether positions can be computed one by one from cached keys and values. Not so where the feed-forward network
   * looks at earlier positions, or a part of the attention does not allow it.
   */
  readonly cacheable: boolean
  readonly #composition: Composition

  constructor(
    init: Initialization,
    config: StackConfig & { readonly layers: number },
    compositions: { readonly decoder: Composition; readonly cross: Composition },
  ) {
    super()
    this.#composition = compositions.decoder
    const { width, heads, maximumLength, epsilon } = config
    this.layers = Array.from(
      { length: config.layers },
      () =>
        new TransformerLayer(init, {
          ...config,
          attention: { heads, composition: compositions.decoder, maximumLength },
          crossAttention: { heads, composition: compositions.cross, maximumLength },
          feedForward: createStackFeedForward(init, config, { causal: true }),
        }),
    )
    this.cacheable =
      compositions.decoder.uncacheable === undefined &&
      !this.layers.some(({ feedForward }) => feedForward instanceof ConvolutionalFeedForward)
    this.norm = config.finalNorm ? new LayerNorm(init, { width, epsilon }) : undefined
  }

  forward({ x, padding, memory, memoryPadding, caches, tap = {} }: DecoderInput): Tensor {
    return x.device.scoped(() => {
      const seen = (layer: number, hidden: Tensor): Tensor =>
        tap.hidden?.({ stack: 'decoder', layer }, hidden) ?? hidden
      const hidden = this.layers.reduce(
        (hidden, layer, index) => {
          const cache = caches === 'none' ? undefined : caches[index]!
          const call = {
            mask: noMask,
            side: { padding },
            cache: cache?.self ?? 'none',
            tap: tap.attention?.({ site: 'decoder', layer: index }),
          } as const
          const crossCall = {
            mask: noMask,
            side: { padding: memoryPadding },
            cache: cache?.cross ?? 'none',
            tap: tap.attention?.({ site: 'cross', layer: index }),
          } as const
          return seen(index + 1, layer.forward(hidden, call, { memory, call: crossCall }))
        },
        seen(0, x),
      )
      return this.norm ? this.norm.forward(hidden) : hidden
    })
  }

  /** Empty caches, one pair per layer; throws a `CompositionError` unless the decoder is `cacheable`. */
  createCaches(): readonly LayerCaches[] {
    if (!this.cacheable) throw uncacheableError()
    return this.layers.map(() => ({ self: createCache(this.#composition), cross: fixedCache() }))
  }
}

function uncacheableError(): CompositionError {
  return new CompositionError({
    operation: 'TransformerDecoder',
    argument: 'caches',
    got: 'are asked for',
    expected: 'layers that look at keys and values of earlier positions only',
    fix: "Compute the whole target at each step, with `caches: 'none'`.",
  })
}
