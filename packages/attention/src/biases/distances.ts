import { abs, sub, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import { keyPositions, queryPositions } from '../pair-positions.ts'

/** How far each key is from each query, to either side: `float32` `[query, key]`. */
export function distances(context: AttentionContext): Tensor {
  return abs(sub(queryPositions(context, 'float32'), keyPositions(context, 'float32')))
}
