import { type Initialization, Module } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import type { Composition } from './compose.ts'
import type { EmbedContext } from './context.ts'
import type { AttentionPart, PartSizes } from './part.ts'
import { createPartState, type PartState, readPartState } from './part-state.ts'

/**
 * The `embed` stages of a composition: what the positional parts add to the embeddings, once per model.
 *
 * @example
 * const positions = new PositionEmbedding(init, compose([scaledDot(), sinusoidal()]), sizes)
 * const hidden = positions.forward(embedding.forward(tokens), 0) // [batch, length, width]
 */
export class PositionEmbedding extends Module {
  /** Parameters and buffers of the parts, by part and name. */
  readonly parts: PartState
  readonly #composition: Composition
  readonly #sizes: PartSizes

  constructor(init: Initialization, composition: Composition, sizes: PartSizes) {
    super()
    this.#composition = composition
    this.#sizes = sizes
    this.parts = createPartState(init, composition.parts, 'embedding', sizes)
  }

  /** `embeddings` is `[batch, length, width]`, the first of them at position `start`. */
  forward(embeddings: Tensor, start: number): Tensor {
    let result = embeddings
    for (const part of this.#composition.having('embed')) {
      result = part.embed(this.#context(part, embeddings, start), result)
    }
    return result
  }

  #context(part: AttentionPart, embeddings: Tensor, start: number): EmbedContext {
    const { width, heads, keyHeads, headSize, maximumLength } = this.#sizes
    return {
      width,
      heads,
      keyHeads,
      headSize,
      maximumLength,
      device: embeddings.device,
      start,
      parameter: (name) => readPartState(this.parts, part, 'parameter', name),
      buffer: (name) => readPartState(this.parts, part, 'buffer', name),
    }
  }
}
