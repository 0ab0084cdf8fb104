import type { Tensor } from '@qkv/tensor'

/** The keys and values that a call attends to, with room at the end for later ones. */
export interface CachedKeys {
  /** `[batch, keyHeads, capacity, headSize]`; positions from `length` on are unused. */
  readonly key: Tensor
  /** `[batch, keyHeads, capacity, valueSize]` */
  readonly value: Tensor
  readonly length: number
}

/** Keys and values of one attention module, kept from call to call while text is generated. */
export interface AttentionCache {
  readonly name: string
  /** How many positions it holds. */
  readonly length: number
  /** True when the keys come from a source that does not change: they are projected once, by the first call. */
  readonly fixed: boolean
  /** What it holds; `undefined` while it is empty. */
  read(): CachedKeys | undefined
  /** Adds projected keys and values `[batch, keyHeads, length, headSize]`; returns all that it now holds. */
  append(key: Tensor, value: Tensor): CachedKeys
  /** Replaces the batch by the given rows of it, int32 `[newBatch]`: beam search goes on with some of its beams. */
  select(rows: Tensor): void
  dispose(): void
}
