import type { Tensor } from '@qkv/tensor'

/** The keys and values that a call attends to, with room at the end for later ones. */
export interface CachedKeys {
  /** `[batch, keyHeads, capacity, headSize]`; positions from `length` on are unused. */
  readonly key: Tensor
  /** `[batch, keyHeads, capacity, valueSize]` */
  readonly value: Tensor
  readonly length: number
  /** How many positions the cache has let go of; none unless said. */
  readonly dropped?: number
}

/** What all caches of an attention module have in common. */
interface Cache {
  readonly name: string
  /** How many positions it has seen. */
  readonly length: number
  /** Replaces the batch by the given rows of it, int32 `[newBatch]`: beam search goes on with some of its beams. */
  select(rows: Tensor): void
  dispose(): void
}

/** Keys and values of one attention module, kept from call to call while text is generated. */
export interface KeyCache extends Cache {
  readonly kind: 'keys'
  /** True when the keys come from a source that does not change: they are projected once, by the first call. */
  readonly fixed: boolean
  /** What it holds; `undefined` while it is empty. */
  read(): CachedKeys | undefined
  /** Adds projected keys and values `[batch, keyHeads, length, headSize]`; returns all that the call attends to. */
  append(key: Tensor, value: Tensor): CachedKeys
}

/** The state of a mixer that is a recurrence: it has one size, however long the text is. */
export interface StateCache extends Cache {
  readonly kind: 'state'
  /** `undefined` while it is empty. */
  readonly state: readonly Tensor[] | undefined
  /** Replaces the state by that after `added` further positions. */
  update(state: readonly Tensor[], added: number): void
}

/** What one attention module keeps from call to call while text is generated. */
export type AttentionCache = KeyCache | StateCache
