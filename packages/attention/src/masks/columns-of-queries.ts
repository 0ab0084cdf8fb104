import { ArgumentError, formatShape, slice, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'

/** Of a side input `[batch, key]` the columns of the queries: `[batch, query]`. Throws an `ArgumentError` for another length. */
export function columnsOfQueries(
  { queryStart, queryLength, keyLength }: AttentionContext,
  part: string,
  name: string,
  side: Tensor,
): Tensor {
  if (side.rank === 2 && side.shape[1] === keyLength && queryStart + queryLength <= keyLength) {
    return slice(side, [{}, { start: queryStart, size: queryLength }])
  }
  throw new ArgumentError({
    operation: part,
    argument: `side.${name}`,
    got: `has shape ${formatShape(side.shape)}`,
    expected: `[batch, ${keyLength}]: every position up to the last query, at ${queryStart + queryLength - 1}`,
    fix: 'Bring it for all positions in each call, those of cached keys included.',
  })
}
