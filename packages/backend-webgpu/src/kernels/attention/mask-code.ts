import { ArgumentError, type AttentionMask } from '@qkv/tensor'

/** A mask as a condition over `position` and `key` in WGSL, with the numbers that it reads. */
export interface MaskCode {
  readonly condition: string
  /** Parameters by name, integers all. */
  readonly values: Readonly<Record<string, number>>
  /** The tables of block masks, one after the other. */
  readonly table: readonly number[]
}

/** How far a mask is applied: block tables must reach that far. */
interface Extent {
  readonly queryStart: number
  readonly queries: number
  readonly keys: number
}

/** Wider than any sequence, and far from overflow. */
const unbounded = 2 ** 30

/** The structure of a mask becomes code, and its numbers parameters, so that a new window needs no new kernel. */
export function maskCode(mask: AttentionMask, extent: Extent): MaskCode {
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
        checkTable(mask, extent)
        const size = parameter(`blockSize${leaf}`, mask.size)
        const columns = parameter(`blockColumns${leaf}`, mask.table[0]?.length ?? 0)
        const start = parameter(`blockStart${leaf}`, table.length)
        for (const row of mask.table) table.push(...row)
        return `blockTable[${start} + position / ${size} * ${columns} + key / ${size}] > 0`
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

function checkTable(
  { size, table }: Extract<AttentionMask, { readonly kind: 'blocks' }>,
  { queryStart, queries, keys }: Extent,
): void {
  const rows = Math.ceil((queryStart + queries) / size)
  const columns = Math.ceil(keys / size)
  if (queries * keys === 0 || (rows <= table.length && columns <= (table[0]?.length ?? 0))) return
  throw new ArgumentError({
    operation: 'attention',
    argument: 'mask',
    got: `has a table of ${table.length} by ${table[0]?.length ?? 0} blocks of ${size}`,
    expected: `at least ${rows} by ${columns} for queries up to position ${queryStart + queries} and ${keys} keys`,
    fix: 'Make the table for the longest sequence.',
  })
}
