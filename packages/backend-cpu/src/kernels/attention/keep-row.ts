import { type AttentionMask, type KeyRange, keyRanges } from '@qkv/tensor'

/** A mask tensor, at one batch entry, head and query. */
export interface MaskRow {
  /** The byte of the first key. */
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
 * Writes 1 for each of these keys that the query at `position` may attend to, from the byte `target` on, else 0. The rows after it
 * are working space.
 */
export function writeKeep(
  bytes: Uint8Array,
  target: number,
  mask: AttentionMask,
  position: number,
  keys: KeyRange,
  rows: readonly MaskRow[],
): void {
  const width = keys.end - keys.first
  switch (mask.kind) {
    case 'all':
    case 'causal':
    case 'window': {
      bytes.fill(0, target, target + width)
      for (const { first, end } of keyRanges(mask, position, position, keys.end)) {
        if (end > keys.first)
          bytes.fill(1, target + Math.max(0, first - keys.first), target + end - keys.first)
      }
      return
    }
    case 'tensor': {
      const { start, keyStride } = rows[mask.input]!
      for (let key = 0; key < width; key++) bytes[target + key] = bytes[start + key * keyStride]!
      return
    }
    case 'blocks': {
      const flags = mask.table[Math.floor(position / mask.size)]!
      for (let key = 0; key < width; key++)
        bytes[target + key] = flags[Math.floor((keys.first + key) / mask.size)]! > 0 ? 1 : 0
      return
    }
    case 'and':
    case 'or':
      writeKeep(bytes, target, mask.of[0]!, position, keys, rows)
      for (const part of mask.of.slice(1)) {
        const own = target + width
        writeKeep(bytes, own, part, position, keys, rows)
        if (mask.kind === 'and')
          for (let key = 0; key < width; key++) bytes[target + key]! &= bytes[own + key]!
        else for (let key = 0; key < width; key++) bytes[target + key]! |= bytes[own + key]!
      }
  }
}
