import { slice } from '@qkv/tensor'
import type { AttentionPart } from '../part.ts'
import { rowsBefore } from './features.ts'

/** The `mix` stage of a recurrence: it runs from the first key on; earlier positions have no query. */
export function mixByRecurrence(recur: Required<AttentionPart>['recur']): Required<AttentionPart>['mix'] {
  return (context, query, key, value) => {
    const { queryStart, queryLength } = context
    const { output } = recur(context, undefined, rowsBefore(query, queryStart), key, value)
    return queryStart === 0 ? output : slice(output, [{}, {}, { start: queryStart, size: queryLength }])
  }
}
