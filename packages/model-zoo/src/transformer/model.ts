import { type PartFactory, PositionEmbedding } from '@qkv/attention'
import {
  Dropout,
  Embedding,
  type Initialization,
  Linear,
  Module,
  normal,
  type QuantizedLinear,
  tied,
} from '@qkv/nn'
import { notEqual, type Tensor } from '@qkv/tensor'
import type { TokenScorer } from '@qkv/nn'
import { checkTransformerConfig } from './check-config.ts'
import type { TransformerConfig } from './config.ts'
import { TransformerDecoder } from './decoder.ts'
import { TransformerEncoder } from './encoder.ts'
import { createCachedScorer } from './cached-scorer.ts'
import { createRecomputingScorer } from './recomputing-scorer.ts'
import { composeSites } from './sites.ts'
import type { TransformerTap } from './tap.ts'

/** A source sequence after the encoder. */
export interface EncodedSource {
  /** `[batch, source, width]` */
  readonly memory: Tensor
  /** `bool` `[batch, source]`, true for real tokens. */
  readonly padding: Tensor
}

/**
 * The encoder-decoder of "Attention Is All You Need": from source tokens to scores for the target tokens.
 *
 * Source: Vaswani et al. 2017, section 3.
 *
 * @example
 * const model = new Transformer({ device, random: new RandomStream(1) }, { ...transformerBase(8000), width: 128, heads: 4 })
 * const logits = model.forward(source, target) // [batch, target, vocabulary] from int32 [batch, source], [batch, target]
 */
export class Transformer extends Module {
  readonly sourceEmbedding: Embedding | undefined
  readonly targetEmbedding: Embedding
  readonly sourcePositions: PositionEmbedding
  readonly targetPositions: PositionEmbedding
  readonly embeddingDropout: Dropout
  readonly encoder: TransformerEncoder
  readonly decoder: TransformerDecoder
  readonly output: Linear | QuantizedLinear
  readonly #config: TransformerConfig

  /** `plugins` are attention parts of other packages, by name. */
  constructor(init: Initialization, config: TransformerConfig, plugins?: ReadonlyMap<string, PartFactory>) {
    super()
    checkTransformerConfig(config)
    this.#config = config
    const { width, heads, maximumLength, sharedEmbeddings } = config
    const sites = composeSites(config, plugins)
    const sizes = { width, heads, keyHeads: heads, headSize: width / heads, maximumLength }
    const embedding = (vocabularySize: number): Embedding =>
      new Embedding(init, {
        vocabularySize,
        width,
        scale: 'sqrt-width',
        initializer: normal({ standardDeviation: width ** -0.5 }),
      })
    this.sourceEmbedding = sharedEmbeddings === 'all' ? undefined : embedding(config.sourceVocabularySize)
    this.targetEmbedding = embedding(config.targetVocabularySize)
    this.sourcePositions = new PositionEmbedding(init, sites.encoder, sizes)
    this.targetPositions = new PositionEmbedding(init, sites.decoder, sizes)
    this.embeddingDropout = new Dropout({ rate: config.dropout })
    this.encoder = new TransformerEncoder(init, { ...config, layers: config.encoderLayers }, sites.encoder)
    this.decoder = new TransformerDecoder(init, { ...config, layers: config.decoderLayers }, sites)
    this.output = new Linear(init, {
      inputSize: width,
      outputSize: config.targetVocabularySize,
      bias: config.outputBias,
      ...(sharedEmbeddings !== 'none' && { weight: tied(this.targetEmbedding.table) }),
    })
  }

  get config(): TransformerConfig {
    return this.#config
  }

  /**
   * Scores for each next target token: int32 `[batch, source]` and `[batch, target]` to `[batch, target, vocabulary]`.
   * The target starts with the begin token; padding ids are masked. `tap` sees what is computed on the way.
   */
  forward(source: Tensor, target: Tensor, tap?: TransformerTap): Tensor {
    return source.device.scoped(() => {
      const { memory, padding: memoryPadding } = this.encode(source, tap)
      const padding = notEqual(target, this.#config.paddingId)
      const x = this.embedTarget(target, 0)
      const hidden = this.decoder.forward({ x, padding, memory, memoryPadding, caches: 'none', tap })
      return this.output.forward(hidden)
    })
  }

  /** Runs the encoder on int32 `[batch, source]`. */
  encode(source: Tensor, tap?: TransformerTap): EncodedSource {
    return source.device.scoped(() => {
      const padding = notEqual(source, this.#config.paddingId)
      const embedding = this.sourceEmbedding ?? this.targetEmbedding
      const embedded = this.sourcePositions.forward(embedding.forward(source), 0)
      const memory = this.encoder.forward(this.embeddingDropout.forward(embedded), padding, tap)
      return { memory, padding }
    })
  }

  /** Target tokens, int32 `[batch, target]` from position `start` on, as the decoder takes them. */
  embedTarget(target: Tensor, start: number): Tensor {
    return target.device.scoped(() =>
      this.embeddingDropout.forward(
        this.targetPositions.forward(this.targetEmbedding.forward(target), start),
      ),
    )
  }

  /**
   * Encodes source sequences and returns what scores their translations token by token, starting with the begin token.
   * Keys and values are cached where the decoder allows it, as `decoder.cacheable` says. The model must be in evaluation.
   * `tap` sees every step; attention that it looks at is slower.
   *
   * @example
   * const scorer = model.startDecoding([[17, 4, 99]])
   * const logits = scorer.advance([[model.config.beginId]]) // [1, vocabulary]
   */
  startDecoding(sources: readonly (readonly number[])[], tap?: TransformerTap): TokenScorer {
    const createScorer = this.decoder.cacheable ? createCachedScorer : createRecomputingScorer
    return createScorer(this, sources, tap)
  }
}
