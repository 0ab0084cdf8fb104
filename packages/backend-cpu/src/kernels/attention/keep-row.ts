import { type AttentionMask, keyRange } from '@qkv/tensor'

/** A mask tensor, at one batch entry, head and query. */
export interface MaskRow {
  /** The byte of its first key. */
  start: number
  /** 0 where one value stands for all keys. */
  readonly keyStride: number
}

/** How many rows of working space `writeKeep` takes: one per level of the mask. */
export function keepLevels(mask: AttentionMask): number {
  if (mask.kind !== 'and' && mask.kind !== 'or') return 1
  return 1 + Math.max(...mask.of.map((part) => keepLevels(part)))
}

/**
 * Writes 1 for each key that the query at `position` may attend to, from the byte `target` on, else 0. The rows after it
 * are working space.
 */
export function writeKeep(
  bytes: Uint8Array,
  target: number,
  mask: AttentionMask,
  position: number,
  keys: number,
  rows: readonly MaskRow[],
): void {
  switch (mask.kind) {
    case 'all':
    case 'causal':
    case 'window': {
      const { first, end } = keyRange({ ...mask, sinks: 0 } as AttentionMask, position, position, keys)
      bytes.fill(0, target, target + keys)
      if (first < end) bytes.fill(1, target + first, target + end)
      if (mask.kind === 'window') bytes.fill(1, target, target + Math.min(mask.sinks ?? 0, keys))
      return
    }
    case 'tensor': {
      const { start, keyStride } = rows[mask.input]!
      for (let key = 0; key < keys; key++) bytes[target + key] = bytes[start + key * keyStride]!
      return
    }
    case 'blocks': {
      const flags = mask.table[Math.floor(position / mask.size)]!
      for (let key = 0; key < keys; key++)
        bytes[target + key] = flags[Math.floor(key / mask.size)]! > 0 ? 1 : 0
      return
    }
    case 'and':
    case 'or':
      writeKeep(bytes, target, mask.of[0]!, position, keys, rows)
      for (const part of mask.of.slice(1)) {
        const own = target + keys
        writeKeep(bytes, own, part, position, keys, rows)
        if (mask.kind === 'and')
          for (let key = 0; key < keys; key++) bytes[target + key]! &= bytes[own + key]!
        else for (let key = 0; key < keys; key++) bytes[target + key]! |= bytes[own + key]!
      }
  }
}
