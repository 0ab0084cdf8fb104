import type { Tensor } from '@qkv/tensor'
import { attendByStages, type ContextOf } from './attend.ts'
import { compose } from './compose.ts'
import type { AttentionContext } from './context.ts'
import { noMask } from './masks/mask.ts'
import type { AttentionPart } from './part.ts'

/** What all parts of a composition see alike. */
export type SharedContext = Omit<AttentionContext, 'parameter' | 'buffer' | 'run'>

/** How stages read the side inputs of a call. */
export function readerOf(side: Readonly<Record<string, Tensor | 'none'>>): AttentionContext['sideInput'] {
  return (name) => {
    const tensor = side[name]
    return tensor === 'none' ? undefined : tensor
  }
}

/** One context per part: the same call, with the part's own parameters and buffers, which `read` finds. */
export function contextsOf(
  shared: SharedContext,
  read: (part: AttentionPart, kind: 'parameter' | 'buffer', name: string) => Tensor,
): ContextOf {
  // Listed one by one: adding to a spread object is slow, and this runs for every layer and token.
  const contextOf: ContextOf = (part) => ({
    width: shared.width,
    heads: shared.heads,
    keyHeads: shared.keyHeads,
    headSize: shared.headSize,
    maximumLength: shared.maximumLength,
    device: shared.device,
    queryInput: shared.queryInput,
    keyInput: shared.keyInput,
    queryStart: shared.queryStart,
    queryLength: shared.queryLength,
    keyLength: shared.keyLength,
    keyStart: shared.keyStart,
    causal: shared.causal,
    training: shared.training,
    sideInput: shared.sideInput,
    nextKey: shared.nextKey,
    tap: shared.tap,
    parameter: (name) => read(part, 'parameter', name),
    buffer: (name) => read(part, 'buffer', name),
    run: (parts, query, key, value, mask = noMask) =>
      attendByStages(
        compose(parts),
        contextsOf({ ...shared, queryLength: query.shape[2]!, keyLength: key.shape[2]! }, read),
        query,
        key,
        value,
        mask,
      ),
  })
  return contextOf
}
