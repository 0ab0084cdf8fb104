import type { Tensor } from '@qkv/tensor'
import type { ContextOf } from './attend.ts'
import type { Composition } from './compose.ts'
import type { Projected } from './part.ts'

/** Query, key and value after the `queryKey` stages, in order: what a cache keeps. */
export function applyQueryKey(
  composition: Composition,
  contextOf: ContextOf,
  { query, key, value }: Projected,
): Projected {
  let result: Projected = { query, key, value }
  for (const part of composition.having('queryKey')) {
    const changed = part.queryKey(contextOf(part), result.query, result.key, result.value)
    result = { query: changed.query, key: changed.key, value: changed.value ?? result.value }
  }
  return result
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
