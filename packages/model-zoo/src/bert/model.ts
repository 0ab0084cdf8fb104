import { compose, dropout, learned, padding, PositionEmbedding, scaledDot } from '@qkv/attention'
import {
  Dropout,
  Embedding,
  type Initialization,
  LayerNorm,
  Linear,
  Module,
  normal,
  type QuantizedLinear,
} from '@qkv/nn'
import { add, reshape, slice, tanh, type Tensor } from '@qkv/tensor'
import { TransformerEncoder } from '../transformer/encoder.ts'
import type { BertConfig } from './config.ts'

/** Pairs of sentences as BERT takes them. */
export interface BertInput {
  /** Int32 `[batch, length]`. */
  readonly tokens: Tensor
  /** Which sentence of the pair each token is in: int32 `[batch, length]`. */
  readonly segments: Tensor
  /** `bool` `[batch, length]`, true for real tokens. */
  readonly padding: Tensor | 'none'
}

/**
 * The encoder BERT: from tokens to their representations with context on both sides.
 *
 * Source: Devlin et al. 2018, BERT: Pre-training of Deep Bidirectional Transformers, section 3.
 *
 * @example
 * const model = new Bert({ device, random: new RandomStream(1) }, { ...bertBase(), width: 64, heads: 4, layers: 2 })
 * const hidden = model.forward({ tokens, segments, padding: 'none' }) // [batch, length, 64]
 */
export class Bert extends Module {
  readonly embedding: Embedding
  readonly segmentEmbedding: Embedding
  readonly positions: PositionEmbedding
  readonly embeddingNorm: LayerNorm
  readonly embeddingDropout: Dropout
  readonly encoder: TransformerEncoder
  readonly pooler: Linear | QuantizedLinear

  constructor(init: Initialization, config: BertConfig) {
    super()
    const { vocabularySize, maximumLength, segments, width, heads, epsilon, attentionDropout } = config
    const initializer = normal({ standardDeviation: 0.02 })
    const dropoutPart = attentionDropout > 0 ? [dropout({ rate: attentionDropout })] : []
    const composition = compose([scaledDot(), learned(), padding(), ...dropoutPart])
    const sizes = { width, heads, keyHeads: heads, headSize: width / heads, maximumLength }
    this.embedding = new Embedding(init, { vocabularySize, width, initializer })
    this.segmentEmbedding = new Embedding(init, { vocabularySize: segments, width, initializer })
    this.positions = new PositionEmbedding(init, composition, sizes)
    this.embeddingNorm = new LayerNorm(init, { width, epsilon })
    this.embeddingDropout = new Dropout({ rate: config.dropout })
    this.encoder = new TransformerEncoder(
      init,
      { ...config, feedForward: 'gelu', norm: 'post', finalNorm: false },
      composition,
    )
    this.pooler = new Linear(init, { inputSize: width, outputSize: width, initializer })
  }

  /** The hidden state after the last layer, `[batch, length, width]`. */
  forward({ tokens, segments, padding }: BertInput): Tensor {
    return tokens.device.scoped(() => {
      const summed = add(this.embedding.forward(tokens), this.segmentEmbedding.forward(segments))
      const embedded = this.embeddingNorm.forward(this.positions.forward(summed, 0))
      return this.encoder.forward(this.embeddingDropout.forward(embedded), padding)
    })
  }

  /** What stands for the whole input, `[batch, width]`: a map of the hidden state of the first token. */
  pool(hidden: Tensor): Tensor {
    const [batch, , width] = hidden.shape as [number, number, number]
    return hidden.device.scoped(() =>
      tanh(this.pooler.forward(reshape(slice(hidden, [{}, { size: 1 }]), [batch, width]))),
    )
  }
}
