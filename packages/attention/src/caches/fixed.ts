import { gather, identity, type Tensor } from '@qkv/tensor'
import type { CachedKeys, KeyCache } from './attention-cache.ts'
import { replace } from './replace.ts'

/** Keys and values of a source that stays the same, such as an encoded sentence: projected once, then read. */
export function fixedCache(): KeyCache {
  let held: CachedKeys | undefined

  return {
    name: 'fixed',
    kind: 'keys',
    fixed: true,
    get length() {
      return held?.length ?? 0
    },
    read: () => held,
    append(key, value) {
      const { device } = key
      held = {
        key: device.retain(identity(key)),
        value: device.retain(identity(value)),
        length: key.shape[2]!,
      }
      return held
    },
    select(rows) {
      if (!held) return
      const { key, value, length } = held
      const chosen = (tensor: Tensor): Tensor => replace(tensor, gather(tensor, rows, { axis: 0 }))
      held = { key: chosen(key), value: chosen(value), length }
    },
    dispose() {
      held?.key.dispose()
      held?.value.dispose()
      held = undefined
    },
  }
}
