import { type Initialization, LayerNorm, Linear, Module, normal, type QuantizedLinear, tied } from '@qkv/nn'
import { gelu, type Tensor } from '@qkv/tensor'
import type { BertConfig } from './config.ts'
import { Bert, type BertInput } from './model.ts'

/** What BERT is pretrained to say. */
export interface BertPredictions {
  /** `[batch, length, width]` */
  readonly hidden: Tensor
  /** `[batch, width]` */
  readonly pooled: Tensor
  /** Scores for the token at each position, `[batch, length, vocabulary]`: masked ones are to be found. */
  readonly tokenLogits: Tensor
  /** `[batch, 2]`: whether the second sentence follows the first, or not. */
  readonly nextSentenceLogits: Tensor
}

/**
 * BERT with the two heads of its pretraining: masked tokens, and whether sentences follow each other.
 *
 * Source: Devlin et al. 2018, BERT, section 3.1.
 *
 * @example
 * const { tokenLogits } = new BertForPretraining(init, bertBase()).forward({ tokens, segments, padding: 'none' })
 */
export class BertForPretraining extends Module {
  readonly bert: Bert
  readonly transform: Linear | QuantizedLinear
  readonly transformNorm: LayerNorm
  readonly output: Linear | QuantizedLinear
  readonly nextSentence: Linear | QuantizedLinear

  constructor(init: Initialization, config: BertConfig) {
    super()
    const { width, vocabularySize, epsilon } = config
    const initializer = normal({ standardDeviation: 0.02 })
    this.bert = new Bert(init, config)
    this.transform = new Linear(init, { inputSize: width, outputSize: width, initializer })
    this.transformNorm = new LayerNorm(init, { width, epsilon })
    this.output = new Linear(init, {
      inputSize: width,
      outputSize: vocabularySize,
      weight: tied(this.bert.embedding.table),
    })
    this.nextSentence = new Linear(init, { inputSize: width, outputSize: 2, initializer })
  }

  forward(input: BertInput): BertPredictions {
    return input.tokens.device.scoped(() => {
      const hidden = this.bert.forward(input)
      const pooled = this.bert.pool(hidden)
      const transformed = this.transformNorm.forward(gelu(this.transform.forward(hidden)))
      return {
        hidden,
        pooled,
        tokenLogits: this.output.forward(transformed),
        nextSentenceLogits: this.nextSentence.forward(pooled),
      }
    })
  }
}
