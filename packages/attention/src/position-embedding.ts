import { type Initialization, Module } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import { checkSideInputs } from './check-side-inputs.ts'
import type { Composition } from './compose.ts'
import type { EmbedContext } from './context.ts'
import { readerOf } from './contexts.ts'
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

  /**
   * `embeddings` is `[batch, length, width]`, the first of them at position `start`; `side` has the side inputs that the
   * `embed` stages ask for, from position 0 on. Throws a `CompositionError` for side inputs that are missing, or that no part reads.
   */
  forward(embeddings: Tensor, start: number, side: Readonly<Record<string, Tensor | 'none'>> = {}): Tensor {
    checkSideInputs(this.#composition, side, 'embedding')
    let result = embeddings
    for (const part of this.#composition.having('embed')) {
      result = part.embed(this.#context(part, embeddings, start, side), result)
    }
    return result
  }

  #context(
    part: AttentionPart,
    embeddings: Tensor,
    start: number,
    side: Readonly<Record<string, Tensor | 'none'>>,
  ): EmbedContext {
    const { width, heads, keyHeads, headSize, maximumLength } = this.#sizes
    return {
      width,
      heads,
      keyHeads,
      headSize,
      maximumLength,
      device: embeddings.device,
      start,
      training: this.training,
      nextKey: () => this.random!.next(),
      sideInput: readerOf(side),
      parameter: (name) => readPartState(this.parts, part, 'parameter', name),
      buffer: (name) => readPartState(this.parts, part, 'buffer', name),
    }
  }
}
