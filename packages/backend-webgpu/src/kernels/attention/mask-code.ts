import type { AttentionMask } from '@qkv/tensor'

/** A mask as a condition over `position` and `key` in WGSL, with the numbers that it reads. */
export interface MaskCode {
  readonly condition: string
  /** Parameters by name, integers all. */
  readonly values: Readonly<Record<string, number>>
  /** The tables of block masks, one after the other. */
  readonly table: readonly number[]
}

/** Wider than any sequence, and far from overflow. */
const unbounded = 2 ** 30

/**
 * The structure of a mask becomes code, and its numbers parameters, so that a new window needs no new kernel. `before` numbers lie
 * before its tables in their buffer.
 */
export function maskCode(mask: AttentionMask, before: number): MaskCode {
  const values: Record<string, number> = {}
  const table: number[] = []
  let leaves = 0
  const parameter = (name: string, value: number): string => {
    values[name] = Math.max(-unbounded, Math.min(unbounded, value))
    return `parameters.${name}`
  }
  const conditionOf = (mask: AttentionMask): string => {
    const leaf = leaves++
    switch (mask.kind) {
      case 'all':
        return 'true'
      case 'causal':
        return 'key <= position'
      case 'window': {
        const left = parameter(`left${leaf}`, Math.floor(mask.left))
        const right = parameter(`right${leaf}`, Math.floor(mask.right))
        const sinks = parameter(`sinks${leaf}`, Math.ceil(mask.sinks ?? 0))
        return `((position - key <= ${left} && key - position <= ${right}) || key < ${sinks})`
      }
      case 'blocks': {
        const size = parameter(`blockSize${leaf}`, mask.size)
        const columns = parameter(`blockColumns${leaf}`, mask.table[0]?.length ?? 0)
        const start = parameter(`blockStart${leaf}`, before + table.length)
        for (const row of mask.table) table.push(...row)
        return `table[${start} + position / ${size} * ${columns} + key / ${size}] > 0`
      }
      case 'tensor':
        return `mask${mask.input}At(entry, head, query, u32(key)) != 0`
      case 'and':
      case 'or':
        return `(${mask.of.map(conditionOf).join(mask.kind === 'and' ? ' && ' : ' || ')})`
    }
  }
  return { condition: conditionOf(mask), values, table }
}
