import type { Tensor } from '@qkv/tensor'
import { attendByStages, type ContextOf } from './attend.ts'
import { compose } from './compose.ts'
import type { AttentionContext } from './context.ts'
import { noMask } from './masks/mask.ts'
import type { AttentionPart } from './part.ts'

/** What all parts of a composition see alike. */
export type SharedContext = Omit<AttentionContext, 'parameter' | 'buffer' | 'run'>

/** One context per part: the same call, with the part's own parameters and buffers, which `read` finds. */
export function contextsOf(
  shared: SharedContext,
  read: (part: AttentionPart, kind: 'parameter' | 'buffer', name: string) => Tensor,
): ContextOf {
  const contextOf: ContextOf = (part) => ({
    ...shared,
    parameter: (name) => read(part, 'parameter', name),
    buffer: (name) => read(part, 'buffer', name),
    run: (branch, query, key, value) =>
      attendByStages(compose([branch]), contextOf, query, key, value, noMask),
  })
  return contextOf
}
