import { donate, gather, pad, slice, type Tensor, updateSlice } from '@qkv/tensor'
import type { CachedKeys, KeyCache } from './attention-cache.ts'
import { replace } from './replace.ts'

/** Capacity grows in steps, so that shapes, and kernels made for them, change seldom. */
const step = 64

/** Keeps every key and value, in buffers that are written in place and grow by 64 positions. */
export function fullCache(): KeyCache {
  let key: Tensor | undefined
  let value: Tensor | undefined
  let length = 0

  const read = (): CachedKeys | undefined => (key && value ? { key, value, length } : undefined)

  return {
    name: 'full',
    kind: 'keys',
    fixed: false,
    get length() {
      return length
    },
    read,
    append(newKey, newValue) {
      const added = newKey.shape[2]!
      key = write(key, newKey, length)
      value = write(value, newValue, length)
      length += added
      return { key, value, length }
    },
    select(rows) {
      key = key && replace(key, gather(key, rows, { axis: 0 }))
      value = value && replace(value, gather(value, rows, { axis: 0 }))
    },
    dispose() {
      key?.dispose()
      value?.dispose()
      key = undefined
      value = undefined
      length = 0
    },
  }
}

/** `stored` with `added` written from position `start` on; consumes `stored`. */
function write(stored: Tensor | undefined, added: Tensor, start: number): Tensor {
  const { device } = added
  const end = start + added.shape[2]!
  return device.retain(
    device.scoped(() => {
      const target = stored && stored.shape[2]! >= end ? stored : grow(stored, added, end)
      return updateSlice(donate(target), added, { start: [0, 0, start, 0] })
    }),
  )
}

function grow(stored: Tensor | undefined, added: Tensor, end: number): Tensor {
  const capacity = Math.ceil(end / step) * step
  // An empty cache starts from no positions of the new keys: their shape, without their data.
  const base = stored ?? slice(added, [{}, {}, { size: 0 }])
  const grown = pad(base, { before: [0, 0, 0, 0], after: [0, 0, capacity - base.shape[2]!, 0] })
  stored?.dispose()
  return grown
}
