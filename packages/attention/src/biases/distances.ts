import { abs, iota, sub, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'

/** Positions of the queries, `float32` `[query, 1]`. */
export function queryPositions({ device, queryStart, queryLength }: AttentionContext): Tensor {
  return iota(device, [queryLength, 1], { axis: 0, start: queryStart, dtype: 'float32' })
}

/** Positions of the keys, `float32` `[1, key]`. */
export function keyPositions({ device, keyLength }: AttentionContext): Tensor {
  return iota(device, [1, keyLength], { axis: 1, dtype: 'float32' })
}

/** How far each key is from each query, to either side: `float32` `[query, key]`. */
export function distances(context: AttentionContext): Tensor {
  return abs(sub(queryPositions(context), keyPositions(context)))
}
