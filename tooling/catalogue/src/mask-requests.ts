import type { AttentionAttrs, AttentionMask } from '@qkv/tensor'
import type { OpRequest } from './gradient-calls.ts'

/** Masks that are no tensors and not made of others. */
type PlainKind = Exclude<AttentionMask['kind'], 'tensor' | 'and' | 'or'>

/** One of each kind, with the words for it; a new kind does not compile without. */
const plainMasks: { readonly [Kind in PlainKind]: readonly [words: string, mask: AttentionMask] } = {
  all: ['no mask', { kind: 'all' }],
  causal: ['causal masks', { kind: 'causal' }],
  window: ['masks of windows', { kind: 'window', left: 1, right: 0 }],
  blocks: ['masks of blocks', { kind: 'blocks', size: 16, table: [[1]] }],
}

/** What is asked of an operation whose attributes have a mask, by the kind of the mask; empty for all others. */
export function maskRequests(requests: readonly OpRequest[]): ReadonlyMap<string, readonly OpRequest[]> {
  const masked = requests.filter(hasPlainMask)
  if (masked.length === 0) return new Map()
  return new Map(
    Object.values(plainMasks).map(([words, mask]) => [
      words,
      masked.map(({ inputs, attrs }) => ({ inputs, attrs: { ...(attrs as AttentionAttrs), mask } })),
    ]),
  )
}

/** Whether a request has a mask, and no tensor in it. */
export function hasPlainMask({ attrs }: OpRequest): boolean {
  return takesMask(attrs) && attrs.masks === 0
}

function takesMask(attrs: unknown): attrs is AttentionAttrs {
  return typeof attrs === 'object' && attrs !== null && 'mask' in attrs && 'masks' in attrs
}
