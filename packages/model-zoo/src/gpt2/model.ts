import {
  type AttentionCache,
  causal,
  compose,
  dropout,
  fullCache,
  learned,
  noMask,
  PositionEmbedding,
  scaledDot,
  TransformerLayer,
} from '@qkv/attention'
import {
  createFeedForward,
  Dropout,
  Embedding,
  type Initialization,
  LayerNorm,
  Linear,
  Module,
  normal,
  type QuantizedLinear,
  tied,
} from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import type { TokenScorer } from '@qkv/nn'
import type { Gpt2Config } from './config.ts'
import { createScorer } from './scorer.ts'

/**
 * The decoder-only language model GPT-2: from tokens to scores for each next one.
 *
 * Source: Radford et al. 2019, Language Models are Unsupervised Multitask Learners, section 2.3.
 *
 * @example
 * const model = new Gpt2({ device, random: new RandomStream(1) }, { ...gpt2Small(), width: 64, heads: 4, layers: 2 })
 * const logits = model.forward(tokens) // [batch, length, vocabulary] from int32 [batch, length]
 */
export class Gpt2 extends Module {
  readonly embedding: Embedding
  readonly positions: PositionEmbedding
  readonly embeddingDropout: Dropout
  readonly layers: readonly TransformerLayer[]
  readonly norm: LayerNorm
  readonly output: Linear | QuantizedLinear
  readonly #config: Gpt2Config

  constructor(init: Initialization, config: Gpt2Config) {
    super()
    this.#config = config
    const { vocabularySize, maximumLength, width, heads, epsilon } = config
    const initializer = normal({ standardDeviation: 0.02 })
    const dropoutPart = config.attentionDropout > 0 ? [dropout({ rate: config.attentionDropout })] : []
    const composition = compose([scaledDot(), learned(), causal(), ...dropoutPart])
    const sizes = { width, heads, keyHeads: heads, headSize: width / heads, maximumLength }
    this.embedding = new Embedding(init, { vocabularySize, width, initializer })
    this.positions = new PositionEmbedding(init, composition, sizes)
    this.embeddingDropout = new Dropout({ rate: config.dropout })
    this.layers = Array.from({ length: config.layers }, () => {
      const feedForward = createFeedForward('gelu-tanh', init, {
        width,
        innerWidth: 4 * width,
        dropout: config.dropout,
        causal: true,
      })
      const attention = { heads, composition, maximumLength, initializer }
      return new TransformerLayer(init, {
        width,
        norm: 'pre',
        dropout: config.dropout,
        epsilon,
        attention,
        feedForward,
      })
    })
    this.norm = new LayerNorm(init, { width, epsilon })
    this.output = new Linear(init, {
      inputSize: width,
      outputSize: vocabularySize,
      bias: false,
      weight: tied(this.embedding.table),
    })
  }

  get config(): Gpt2Config {
    return this.#config
  }

  /** Scores for each next token: int32 `[batch, length]` to `[batch, length, vocabulary]`. */
  forward(tokens: Tensor): Tensor {
    return tokens.device.scoped(() => this.output.forward(this.hidden(tokens, 'none')))
  }

  /** The hidden state after the last normalisation, `[batch, length, width]`; caches are one per layer. */
  hidden(tokens: Tensor, caches: readonly AttentionCache[] | 'none'): Tensor {
    return tokens.device.scoped(() => {
      const start = caches === 'none' ? 0 : (caches[0]?.length ?? 0)
      const embedded = this.positions.forward(this.embedding.forward(tokens), start)
      const hidden = this.layers.reduce((hidden, layer, index) => {
        const cache = caches === 'none' ? 'none' : caches[index]!
        return layer.forward(hidden, { mask: noMask, side: {}, cache })
      }, this.embeddingDropout.forward(embedded))
      return this.norm.forward(hidden)
    })
  }

  /** Empty caches, one per layer. */
  createCaches(): readonly AttentionCache[] {
    return this.layers.map(() => fullCache())
  }

  /**
   * What scores continuations token by token; the first `advance` takes the prompts, equally long each.
   *
   * @example
   * const scorer = model.startDecoding()
   * const logits = scorer.advance([tokenizer.encode('Once upon').ids]) // [1, vocabulary]
   */
  startDecoding(): TokenScorer {
    return createScorer(this)
  }
}
