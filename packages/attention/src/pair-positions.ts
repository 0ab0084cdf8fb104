import { iota, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from './context.ts'

/** Positions of the queries, `[query, 1]`. */
export function queryPositions(
  { device, queryStart, queryLength }: Pick<AttentionContext, 'device' | 'queryStart' | 'queryLength'>,
  dtype: 'int32' | 'float32' = 'int32',
): Tensor {
  return iota(device, [queryLength, 1], { axis: 0, start: queryStart, dtype })
}

/** Positions of the keys, `[1, key]`. */
export function keyPositions(
  { device, keyLength }: Pick<AttentionContext, 'device' | 'keyLength'>,
  dtype: 'int32' | 'float32' = 'int32',
): Tensor {
  return iota(device, [1, keyLength], { axis: 1, dtype })
}
