import { gather, identity, type Tensor } from '@qkv/tensor'
import type { StateCache } from './attention-cache.ts'

/**
 * Keeps the state of a recurrence, such as that of `linear`: memory does not grow with the text.
 *
 * @example
 * const cache = stateCache()
 * const output = attention.forward(x, x, { mask: noMask, side: {}, cache })
 */
export function stateCache(): StateCache {
  let state: readonly Tensor[] | undefined
  let length = 0

  const replace = (fresh: readonly Tensor[]): void => {
    const kept = fresh.map((tensor) => tensor.device.retain(identity(tensor)))
    for (const tensor of state ?? []) tensor.dispose()
    state = kept
  }

  return {
    name: 'state',
    kind: 'state',
    get length() {
      return length
    },
    get state() {
      return state
    },
    update(fresh, added) {
      replace(fresh)
      length += added
    },
    select(rows) {
      if (state) replace(state.map((tensor) => gather(tensor, rows, { axis: 0 })))
    },
    dispose() {
      for (const tensor of state ?? []) tensor.dispose()
      state = undefined
      length = 0
    },
  }
}
