import type { Device, RandomKey, Tensor } from '@qkv/tensor'
import type { Mask } from './masks/mask.ts'
import type { AttentionPart, PartSizes } from './part.ts'

/** Where `tap` may look, and what it may replace; at `mask` it is not called where every key is kept. */
export type TapSite = 'query' | 'key' | 'value' | 'scores' | 'mask' | 'weights' | 'mixed' | 'output'

/** Sees an intermediate tensor, and returns it or another one of the same shape to go on with. */
export type Tap = (site: TapSite, tensor: Tensor) => Tensor

/** What a stage knows about the call it belongs to. */
export interface AttentionContext extends PartSizes {
  readonly device: Device
  /** The attention's own inputs, before projection: `[batch, length, width]`. */
  readonly queryInput: Tensor
  readonly keyInput: Tensor
  /** Position of the first query; more than 0 when earlier keys are cached. */
  readonly queryStart: number
  readonly queryLength: number
  /** Keys in all, cached ones included. */
  readonly keyLength: number
  /** Position of the first key that this call brings; more than 0 when earlier keys are cached. */
  readonly keyStart: number
  /** Whether a part of the composition keeps all later positions from every query, as `causal` does. */
  readonly causal: boolean
  readonly training: boolean
  /** This part's parameter of the given name. */
  parameter(name: string): Tensor
  /** This part's buffer of the given name. */
  buffer(name: string): Tensor
  /** A tensor that came with the call, `undefined` where the caller said `'none'`. */
  sideInput(name: string): Tensor | undefined
  /** A fresh key for this call's randomness. */
  nextKey(): RandomKey
  readonly tap: Tap
  /** Runs the stages of other parts between projections and output on given queries, keys and values: nested branches. */
  run(parts: readonly AttentionPart[], query: Tensor, key: Tensor, value: Tensor, mask?: Mask): Tensor
}

/** What an `embed` stage knows. */
export interface EmbedContext extends PartSizes {
  readonly device: Device
  /** Position of the first embedding. */
  readonly start: number
  readonly training: boolean
  parameter(name: string): Tensor
  buffer(name: string): Tensor
  /** A tensor that came with the call, `undefined` where the caller said `'none'`. */
  sideInput(name: string): Tensor | undefined
  /** A fresh key for this call's randomness, while training. */
  nextKey(): RandomKey
}
