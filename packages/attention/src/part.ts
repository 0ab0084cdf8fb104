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

/** What the catalogue says about a part. */
export interface PartDescription {
  readonly year: number
  /** In plain text: q, k, v are a query, key and value, S a score, A a weight, o an output, d the head size, n the keys of a query. */
  readonly formula: string
  /** What it is good for, in one sentence. */
  readonly use: string
}

/** What a mixer keeps of the positions that it has seen, in place of their keys and values. */
export interface Recurrence {
  /** `[batch, heads, query, valueSize]` */
  readonly output: Tensor
  /** What the next positions need, of the same shapes whatever was seen. */
  readonly state: readonly Tensor[]
}

/**
 * Sizes that stages count on unless a part `resizes` them: `scoreMaps`, one map of scores per head, and `keyColumns`, as many columns of
 * queries and keys as the head size.
 */
export type StageSize = 'scoreMaps' | 'keyColumns'

/** What a part means to the one fused operation; a part whose stages are not all covered here prevents fusing. */
export interface FusedContribution {
  /** Replaces the default factor of the scores; `headSize` is that of the queries. */
  readonly scale?: (sizes: PartSizes) => number
  /** What the `bias` stage adds whatever the scores are; broadcasts to `[batch, heads, query, key]`. */
  readonly bias?: (context: AttentionContext) => Tensor
  /** What the `bias` stage does to scores before anything is added: `softcap * tanh(score / softcap)`. */
  readonly softcap?: number
  /** The `normalize` stage is a softmax with one more key per head, of this score and without a value: `[heads]`; `undefined` without one. */
  readonly sinks?: (context: AttentionContext) => Tensor | undefined
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
  readonly about?: PartDescription
  /** What it was made with, where that is not the default: plain data, which a config can hold. */
  readonly options?: object
  readonly parameters?: Readonly<Record<string, ParameterDeclaration>>
  readonly buffers?: Readonly<Record<string, BufferDeclaration>>
  /** Side inputs that a call must bring, such as `padding`. */
  readonly sideInputs?: readonly string[]
  /** Side inputs for the conformance suite, by name, to inputs `[batch, length, width]`; without it they are `'none'`. */
  readonly sampleSide?: (sizes: {
    readonly batch: number
    readonly length: number
  }) => Readonly<Record<string, SideSample>>
  readonly fused?: FusedContribution
  /** False where keys must not be cached after `queryKey`: an output depends on more than the keys up to its query. */
  readonly cacheable?: boolean
  /** Parts that it cannot be composed with, by name, and why: `{ causal: 'each key is a sum over all positions' }`. */
  readonly excludes?: Readonly<Record<string, string>>
  /** What one part of a composition may do and no other beside it, by name: `{ rotation: 'turns queries and keys by position' }`. */
  readonly claims?: Readonly<Record<string, string>>
  /** True where its mask keeps all later positions from every query: what other parts say of `causal` then holds for it too. */
  readonly hidesFuture?: boolean
  /** Sizes that are others than stages count on, and why: `{ scoreMaps: 'each head has two maps of scores' }`. */
  readonly resizes?: Readonly<Partial<Record<StageSize, string>>>
  /** Sizes that its stages count on: those that the shapes of its parameters depend on unless said. */
  readonly countsOn?: readonly StageSize[]
  /** How many key and value heads `heads` query heads share; the options of the attention say it otherwise. */
  readonly keyHeads?: (heads: number) => number
  /** How many outputs it gives, where that is not one per input. */
  readonly outputs?: number
  /** Why it only works where queries and keys come from one input. */
  readonly selfOnly?: string
  /**
   * True for what speaks of positions in one sequence. They mean nothing across two: models leave it out of
   * cross-attention, unless their config asks for it there.
   */
  readonly positional?: boolean
  /** The masking parts that a `mix` stage applies by itself, by name: it has no scores for them to mask. */
  readonly obeys?: readonly string[]

  /** Chain: adds to the embeddings `[batch, length, width]`, once per model. */
  embed?(context: EmbedContext, embeddings: Tensor): Tensor
  /** Chain: turns or normalises queries and keys, or changes values, before they are cached. */
  queryKey?(
    context: AttentionContext,
    query: Tensor,
    key: Tensor,
    value: Tensor,
  ): { readonly query: Tensor; readonly key: Tensor; readonly value?: Tensor }
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
  /** Slot: keys and values from what the cache keeps, where `project` makes something smaller. */
  expand?(
    context: AttentionContext,
    key: Tensor,
    value: Tensor,
  ): { readonly key: Tensor; readonly value: Tensor }
  /** Slot: how well each key fits each query. */
  score?(context: AttentionContext, query: Tensor, key: Tensor): Tensor
  /** Slot: turns scores into weights; rows without a key give zeros. */
  normalize?(context: AttentionContext, scores: Tensor, keep: Tensor | undefined): Tensor
  /** Slot: combines the values. */
  aggregate?(context: AttentionContext, weights: Tensor, value: Tensor): Tensor
  /** Slot: from projections to output without a score matrix. */
  mix?(context: AttentionContext, query: Tensor, key: Tensor, value: Tensor): Tensor
  /**
   * The `mix` stage under `causal`, as a recurrence: over positions that follow those of `state`, which is `undefined` at first.
   * With it a cache keeps the state and no keys.
   */
  recur?(
    context: AttentionContext,
    state: readonly Tensor[] | undefined,
    query: Tensor,
    key: Tensor,
    value: Tensor,
  ): Recurrence
}

/** A side input as the conformance suite brings it. */
export interface SideSample {
  readonly shape: readonly number[]
  readonly values: readonly number[]
  /** `float32` unless said. */
  readonly dtype?: 'float32' | 'int32' | 'bool'
}

export const chainStages = ['embed', 'queryKey', 'bias', 'mask', 'select', 'weights', 'output'] as const
export const slotStages = ['project', 'expand', 'score', 'normalize', 'aggregate', 'mix'] as const
export type ChainStage = (typeof chainStages)[number]
export type SlotStage = (typeof slotStages)[number]
export type Stage = ChainStage | SlotStage
