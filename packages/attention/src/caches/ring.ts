import { concat, donate, gather, identity, pad, slice, type Tensor, updateSlice } from '@qkv/tensor'
import { checkOptions, checkRequired, wholeFrom } from '../check-options.ts'
import type { CachedKeys, KeyCache } from './attention-cache.ts'
import { replace } from './replace.ts'

export interface RingCacheOptions {
  /** How many of the last positions are kept. */
  readonly window: number
  /** How many positions at the start of the text are kept for ever; none unless said. */
  readonly sinks?: number
}

/**
 * Keeps the first `sinks` and the last `window` positions: memory does not grow with the text. Where text comes token by token it
 * is what `streaming` of the same sizes sees; where it comes in longer pieces, compose `streaming` too, as a piece holds more
 * positions than a query sees.
 *
 * Parts that read side inputs by key, such as `padding`, do not fit keys that have been let go of.
 *
 * Source: Xiao et al. 2023, Efficient Streaming Language Models with Attention Sinks, section 3.2 (2309.17453).
 *
 * @example
 * const cache = ringCache({ window: 252, sinks: 4 })
 */
export function ringCache({ window, sinks = 0 }: RingCacheOptions): KeyCache {
  checkRequired('ringCache', { window }, wholeFrom(1), 'Give the number of positions, such as 252.')
  checkOptions('ringCache', { sinks }, wholeFrom(0), 'Give the number of positions, such as 4.')
  const capacity = sinks + window
  let key: Tensor | undefined
  let value: Tensor | undefined
  /** Of all positions seen, and of those held. */
  let length = 0
  let held = 0

  const keep = (freshKey: Tensor, freshValue: Tensor): void => {
    key = replace(key, freshKey)
    value = replace(value, freshValue)
  }

  const read = (): CachedKeys | undefined =>
    key && value ? { key, value, length: held, dropped: length - held } : undefined

  return {
    name: 'ring',
    kind: 'keys',
    fixed: false,
    get length() {
      return length
    },
    read,
    append(newKey, newValue) {
      const { device } = newKey
      const added = newKey.shape[2]!
      length += added
      if (held + added <= capacity) {
        key = write(key, newKey, held, capacity)
        value = write(value, newValue, held, capacity)
        held += added
        return read()!
      }
      // The first query of the call sees itself and `window - 1` positions before it.
      const first = Math.min(sinks, held)
      const last = Math.min(window - 1, held - first)
      const attended = {
        key: join(key, newKey, first, held - last, last),
        value: join(value, newValue, first, held - last, last),
        length: first + last + added,
      }
      held = capacity
      if (attended.length === capacity) {
        keep(attended.key, attended.value)
        return read()!
      }
      device.scoped(() => keep(ends(attended.key, sinks, window), ends(attended.value, sinks, window)))
      return { ...attended, dropped: length - attended.length }
    },
    select(rows) {
      if (key && value) keep(gather(key, rows, { axis: 0 }), gather(value, rows, { axis: 0 }))
    },
    dispose() {
      key?.dispose()
      value?.dispose()
      key = undefined
      value = undefined
      length = 0
      held = 0
    },
  }
}

/** `stored`, of `capacity` positions, with `added` written from `start` on; consumes `stored`. */
function write(stored: Tensor | undefined, added: Tensor, start: number, capacity: number): Tensor {
  const { device } = added
  return device.retain(
    device.scoped(() => {
      if (stored) return updateSlice(donate(stored), added, { start: [0, 0, start, 0] })
      return identity(pad(added, { before: [0, 0, 0, 0], after: [0, 0, capacity - added.shape[2]!, 0] }))
    }),
  )
}

/** The first positions of `stored`, `last` ones from `from` on, and the added ones. */
function join(stored: Tensor | undefined, added: Tensor, first: number, from: number, last: number): Tensor {
  if (!stored) return added
  return concat(
    [slice(stored, [{}, {}, { size: first }]), slice(stored, [{}, {}, { start: from, size: last }]), added],
    { axis: 2 },
  )
}

function ends(x: Tensor, first: number, last: number): Tensor {
  const length = x.shape[2]!
  return concat(
    [slice(x, [{}, {}, { size: first }]), slice(x, [{}, {}, { start: length - last, size: last }])],
    { axis: 2 },
  )
}
