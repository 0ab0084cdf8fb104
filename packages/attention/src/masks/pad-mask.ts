import type { AttentionMask } from '@qkv/tensor'

/** The mask with block tables that reach to `keys` keys: the room at the end of a cache is in blocks that nobody sees. */
export function padMask(mask: AttentionMask, keys: number): AttentionMask {
  switch (mask.kind) {
    case 'blocks': {
      const columns = Math.ceil(keys / mask.size)
      const added = columns - (mask.table[0]?.length ?? 0)
      if (added <= 0) return mask
      const room = new Array<number>(added).fill(0)
      return { ...mask, table: mask.table.map((row) => [...row, ...room]) }
    }
    case 'and':
    case 'or':
      return { kind: mask.kind, of: mask.of.map((part) => padMask(part, keys)) }
    default:
      return mask
  }
}
