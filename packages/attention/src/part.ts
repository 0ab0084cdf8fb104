import type { Initializer } from '@qkv/nn'
import type { HostArray, Tensor } from '@qkv/tensor'
import type { AttentionContext, EmbedContext } from './context.ts'
import type { Mask } from './masks/mask.ts'

/** The sizes that parameters and buffers of a part are declared by. */
export interface PartSizes {
  /** Width of the model's hidden state. */
  readonly width: number
  readonly heads: number
  readonly keyHeads: number
  readonly headSize: number
  /** Longest sequence that the model takes. */
  readonly maximumLength: number
}

/** Where a parameter lives: once beside the embeddings, or in every attention module. */
export type PartOwner = 'embedding' | 'attention'

export interface ParameterDeclaration {
  readonly owner: PartOwner
  shape(sizes: PartSizes): readonly number[]
  readonly initializer: Initializer
}

/** A constant that moves with the device and is not trained. */
export interface BufferDeclaration {
  readonly owner: PartOwner
  /** Whether it is stored in checkpoints; what can be computed need not be. */
  readonly persistent: boolean
  create(sizes: PartSizes): { readonly shape: readonly number[]; readonly data: HostArray }
}

/** Query, key and value after projection: `[batch, heads, length, headSize]`. */
export interface Projected {
  readonly query: Tensor
  readonly key: Tensor
  readonly value: Tensor
}

/** What a part means to the one fused operation; a part whose stages are not all covered here prevents fusing. */
export interface FusedContribution {
  /** Replaces the default factor of the scores. */
  readonly scale?: (sizes: PartSizes) => number
  /** Share of the weights to drop while training. */
  readonly dropoutRate?: number
}

/**
 * One published attention idea. Chain stages compose in the order of the parts; a slot has one owner.
 *
 * Axes: query `[batch, heads, query, headSize]`, key and value `[batch, keyHeads, key, headSize]`, scores and
 * weights `[batch, heads, query, key]`, keep as scores and `bool`.
 */
export interface AttentionPart {
  /** One name everywhere: file, config, docs. */
  readonly name: string
  /** Paper and section. */
  readonly source: string
  readonly parameters?: Readonly<Record<string, ParameterDeclaration>>
  readonly buffers?: Readonly<Record<string, BufferDeclaration>>
  /** Side inputs that a call must bring, such as `padding`. */
  readonly sideInputs?: readonly string[]
  readonly fused?: FusedContribution
  /** False where keys must not be cached after `queryKey`. */
  readonly cacheable?: boolean
  /**
   * True for what speaks of positions in one sequence. They mean nothing across two: models leave it out of
   * cross-attention, unless their config asks for it there.
   */
  readonly positional?: boolean
  /** The masking parts that a `mix` stage applies by itself, by name: it has no scores for them to mask. */
  readonly obeys?: readonly string[]

  /** Chain: adds to the embeddings `[batch, length, width]`, once per model. */
  embed?(context: EmbedContext, embeddings: Tensor): Tensor
  /** Chain: turns or normalises queries and keys, before keys are cached. */
  queryKey?(
    context: AttentionContext,
    query: Tensor,
    key: Tensor,
  ): { readonly query: Tensor; readonly key: Tensor }
  /** Chain: changes the scores. */
  bias?(context: AttentionContext, scores: Tensor, query: Tensor, key: Tensor): Tensor
  /** Chain, intersected. */
  mask?(context: AttentionContext): Mask
  /** Chain, after the mask: narrows `keep`, never widens it. */
  select?(context: AttentionContext, scores: Tensor, query: Tensor, key: Tensor, keep: Tensor): Tensor
  /** Chain: changes the weights. */
  weights?(context: AttentionContext, weights: Tensor): Tensor
  /** Chain: changes the output `[batch, heads, query, headSize]`. */
  output?(context: AttentionContext, output: Tensor): Tensor

  /** Slot: makes query, key and value from the layer's inputs `[batch, length, width]`. */
  project?(context: AttentionContext, queryInput: Tensor, keyInput: Tensor): Projected
  /** Slot: how well each key fits each query. */
  score?(context: AttentionContext, query: Tensor, key: Tensor): Tensor
  /** Slot: turns scores into weights; rows without a key give zeros. */
  normalize?(context: AttentionContext, scores: Tensor, keep: Tensor | undefined): Tensor
  /** Slot: combines the values. */
  aggregate?(context: AttentionContext, weights: Tensor, value: Tensor): Tensor
  /** Slot: from projections to output without a score matrix. */
  mix?(context: AttentionContext, query: Tensor, key: Tensor, value: Tensor): Tensor
}

export const chainStages = ['embed', 'queryKey', 'bias', 'mask', 'select', 'weights', 'output'] as const
export const slotStages = ['project', 'score', 'normalize', 'aggregate', 'mix'] as const
export type ChainStage = (typeof chainStages)[number]
export type SlotStage = (typeof slotStages)[number]
export type Stage = ChainStage | SlotStage
