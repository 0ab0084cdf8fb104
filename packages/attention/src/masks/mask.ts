import type { AttentionMask, Tensor } from '@qkv/tensor'

/**
 * Which keys each query may attend to, as data. True keeps, everywhere.
 *
 * The same kinds as the fused operation's mask, but a tensor stands in it directly, and a function may.
 */
export type Mask =
  | Exclude<AttentionMask, { readonly kind: 'tensor' | 'and' | 'or' }>
  /** `bool`, broadcasts to `[batch, heads, query, key]`. */
  | { readonly kind: 'tensor'; readonly keep: Tensor }
  /** The escape hatch: asked for every head, query position and key position; cannot be stored or drawn cheaply. */
  | { readonly kind: 'function'; readonly keep: (head: number, query: number, key: number) => boolean }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Mask[] }

/** Every key may be attended to. "No mask" is a value, so that none is ever lost by forgetting an argument. */
export const noMask: Mask = { kind: 'all' }

/** Keeps what all the masks keep. */
export function intersectMasks(masks: readonly Mask[]): Mask {
  const narrowing = masks.filter((mask) => mask.kind !== 'all')
  return narrowing.length === 1
    ? narrowing[0]!
    : narrowing.length === 0
      ? noMask
      : { kind: 'and', of: narrowing }
}
