import { concat, reshape, slice, type Tensor, transpose } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import { onlyReal } from '../mixers/steps.ts'
import type { AttentionPart } from '../part.ts'

/** Stages of a part that needs a number per head of every position, also of those whose inputs came with earlier calls. */
export interface Remembered extends Required<Pick<AttentionPart, 'queryKey' | 'expand'>> {
  /** The numbers `[batch, heads, key]` of all keys. */
  read(context: AttentionContext, key: Tensor): Tensor
}

/**
 * Keeps numbers of positions in further columns of their values, so that caches keep them too, and takes them off again before
 * the values are mixed. `rowsOf` makes them from inputs `[batch, length, width]`: `[batch, length, heads]`. Those of filled-up
 * positions are 0.
 */
export function remembered(rowsOf: (context: AttentionContext, input: Tensor) => Tensor): Remembered {
  // A key lives as long as its call: what belongs to it is found by it, and goes with it.
  const numbersOf = new WeakMap<Tensor, Tensor>()
  /** `[batch, heads, length]` */
  const compute = (context: AttentionContext): Tensor =>
    onlyReal(context, transpose(rowsOf(context, context.keyInput), { order: [0, 2, 1] }))
  return {
    queryKey(context, query, key, value) {
      const [batch, keyHeads, length] = value.shape as [number, number, number]
      const heads = query.shape[1]!
      const numbers = reshape(compute(context), [batch, keyHeads, heads / keyHeads, length])
      const columns = transpose(numbers, { order: [0, 1, 3, 2] })
      return { query, key, value: concat([value, columns], { axis: 3 }) }
    },
    expand(context, key, value) {
      const [batch, keyHeads, length, columns] = value.shape as [number, number, number, number]
      const group = context.heads / keyHeads
      const size = columns - group
      const added = transpose(slice(value, [{}, {}, {}, { start: size, size: group }]), {
        order: [0, 1, 3, 2],
      })
      numbersOf.set(key, reshape(added, [batch, context.heads, length]))
      return { key, value: slice(value, [{}, {}, {}, { size }]) }
    },
    read(context, key) {
      // In nested branches keys have not come through these stages.
      return numbersOf.get(key) ?? compute(context)
    },
  }
}
