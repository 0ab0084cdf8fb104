import { Module, type Initialization } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import type { AttentionCache } from './caches/attention-cache.ts'
import type { Tap } from './context.ts'
import { noMask } from './masks/mask.ts'
import { MultiHeadAttention, type MultiHeadAttentionOptions } from './multi-head-attention.ts'
import { keyHeadsOf } from './check-heads.ts'
import { PositionEmbedding } from './position-embedding.ts'
import { sampleSideOf } from './sample-side.ts'

export interface EmbeddedAttentionOptions extends MultiHeadAttentionOptions {
  readonly maximumLength: number
}

/** All stages of a composition in one module: what its parts add to the embeddings, then self-attention. */
export class EmbeddedAttention extends Module {
  readonly positions: PositionEmbedding
  readonly attention: MultiHeadAttention
  readonly #options: EmbeddedAttentionOptions

  constructor(init: Initialization, options: EmbeddedAttentionOptions) {
    super()
    const { composition, width, heads, headSize = width / heads, maximumLength } = options
    // First, so that heads that cannot be are refused before parts make tables for them.
    const attention = new MultiHeadAttention(init, options)
    const sizes = { width, heads, keyHeads: keyHeadsOf(options), headSize, maximumLength }
    this.positions = new PositionEmbedding(init, composition, sizes)
    this.attention = attention
    this.#options = options
  }

  /** `x` is `[batch, length, width]`; side inputs that are not given are those that the parts bring for tests, or `'none'`. */
  forward(
    x: Tensor,
    options: {
      readonly side?: Readonly<Record<string, Tensor | 'none'>>
      readonly cache?: AttentionCache
      readonly tap?: Tap
    } = {},
  ): Tensor {
    const { cache, tap, side = {} } = options
    const start = cache?.length ?? 0
    return x.device.scoped(() => {
      const [batch, length] = x.shape as [number, number, number]
      const sides = {
        ...sampleSideOf(this.#options.composition, x.device, { batch, length: start + length }),
        ...side,
      }
      const embedded = this.positions.forward(x, start, sides)
      return this.attention.forward(embedded, embedded, {
        mask: noMask,
        side: sides,
        cache: cache ?? 'none',
        ...(tap && { tap }),
      })
    })
  }
}
