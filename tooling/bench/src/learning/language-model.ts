import { type Composition, noMask, PositionEmbedding, type Tap, TransformerLayer } from '@qkv/attention'
import { createFeedForward, Embedding, type Initialization, LayerNorm, Linear, Module } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import { SidesOfText } from './sides-of-text.ts'
import type { Task } from './task.ts'

/** Sizes of the model, the same for every variant. */
export const modelSizes = { width: 64, heads: 4, layers: 2, innerWidth: 128 } as const

/** A language model of two pre-norm layers with any attention in them. */
export class LanguageModel extends Module {
  readonly embedding: Embedding
  readonly positions: PositionEmbedding
  readonly layers: readonly TransformerLayer[]
  readonly norm: LayerNorm
  readonly output: Linear
  readonly #sides: SidesOfText
  readonly #sideNames: readonly string[]

  constructor(init: Initialization, task: Task, composition: Composition) {
    super()
    const { width, heads, layers, innerWidth } = modelSizes
    const { vocabularySize, length: maximumLength } = task
    const sizes = { width, heads, keyHeads: heads, headSize: width / heads, maximumLength }
    this.#sides = new SidesOfText(task)
    this.#sideNames = [...new Set(composition.parts.flatMap(({ sideInputs = [] }) => sideInputs))]
    this.embedding = new Embedding(init, { vocabularySize, width })
    this.positions = new PositionEmbedding(init, composition, sizes)
    this.layers = Array.from({ length: layers }, () => {
      const feedForward = createFeedForward('gelu', init, { width, innerWidth, dropout: 0, causal: true })
      const attention = { heads, composition, maximumLength }
      return new TransformerLayer(init, {
        width,
        norm: 'pre',
        dropout: 0,
        epsilon: 1e-5,
        attention,
        feedForward,
      })
    })
    this.norm = new LayerNorm(init, { width, epsilon: 1e-5 })
    this.output = new Linear(init, { inputSize: width, outputSize: vocabularySize })
  }

  /** int32 `[batch, length]` to scores for each token `[batch, length, vocabulary]`. */
  forward(tokens: Tensor): Tensor {
    const { device } = tokens
    return device.scoped(() => {
      const rows = tokens.shape[0]!
      const side: Record<string, Tensor | 'none'> = {}
      for (const name of this.#sideNames) side[name] = this.#sides.get(name, device, rows)
      let hidden = this.positions.forward(this.embedding.forward(tokens), 0, side)
      for (const [index, layer] of this.layers.entries()) {
        const call = { mask: noMask, side, cache: 'none' } as const
        const isFirst = index === 0 && side['firstValues'] === 'none'
        const tap: Tap = (site, tensor) => {
          if (site === 'value') side['firstValues'] = device.retain(tensor)
          return tensor
        }
        hidden = layer.forward(hidden, isFirst ? { ...call, side: { ...side }, tap } : call)
      }
      const { firstValues = 'none' } = side
      if (firstValues !== 'none') firstValues.dispose()
      return this.output.forward(this.norm.forward(hidden))
    })
  }
}
