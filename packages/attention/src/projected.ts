import type { Tensor } from '@qkv/tensor'
import type { ContextOf } from './attend.ts'
import type { Composition } from './compose.ts'
import type { Projected } from './part.ts'

/**
 * Query, key and value after the `queryKey` stages, in order: what a cache keeps. The part that takes something off again in
 * `expand` comes last, after `see`: what it adds is no part of the keys and values that others change or look at.
 */
export function applyQueryKey(
  composition: Composition,
  contextOf: ContextOf,
  projected: Projected,
  see: (projected: Projected) => Projected = (seen) => seen,
): Projected {
  const changing = composition.having('queryKey')
  const keeper = changing.find((part) => part === composition.owner('expand'))
  const changedBy = (before: Projected, part: (typeof changing)[number]): Projected => {
    const { query, key, value } = part.queryKey(contextOf(part), before.query, before.key, before.value)
    return { query, key, value: value ?? before.value }
  }
  const changed = see(changing.filter((part) => part !== keeper).reduce(changedBy, projected))
  return keeper ? changedBy(changed, keeper) : changed
}

/** Keys and values from what is kept, which is the same where no part has an `expand` stage. */
export function expandStored(
  composition: Composition,
  contextOf: ContextOf,
  { key, value }: { readonly key: Tensor; readonly value: Tensor },
): { readonly key: Tensor; readonly value: Tensor } {
  const expander = composition.owner('expand')
  return expander ? expander.expand!(contextOf(expander), key, value) : { key, value }
}
