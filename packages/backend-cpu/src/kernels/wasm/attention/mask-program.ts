import type { AttentionMask } from '@qkv/tensor'
import type { Operand } from '../../attention/plan.ts'

/** How far queries see: keys from `left` before their position to `right` after it. */
export interface Reach {
  readonly left: number
  readonly right: number
}

/** A mask as the steps that assembly/attention/mask.ts runs. */
export interface MaskProgram {
  /** Six words for each step; those of a table have its place in `table` for an address. */
  readonly words: number[]
  /** Which words are places in `table`. */
  readonly tablePlaces: number[]
  /** The tables of blocks, a byte per block, one after the other. */
  table: Uint8Array
  /** How many rows of working space it takes. */
  levels: number
}

const range = 0
const tensor = 1
const blocks = 2
const and = 3
const or = 4

/** Farther than any key, and small enough that positions can be added to it. */
const unlimited = 2 ** 30
const everywhere: Reach = { left: unlimited, right: unlimited }

const empty: MaskProgram = { words: [], tablePlaces: [], table: new Uint8Array(0), levels: 0 }

/** The reach of those parts of a mask that `withoutRanges` leaves out: it says all about them. */
export function reachOf(mask: AttentionMask): Reach {
  if (mask.kind === 'causal') return { left: unlimited, right: 0 }
  if (mask.kind === 'window' && !mask.sinks) return { left: whole(mask.left), right: whole(mask.right) }
  if (mask.kind !== 'and') return everywhere
  return mask.of
    .map(reachOf)
    .reduce((a, b) => ({ left: Math.min(a.left, b.left), right: Math.min(a.right, b.right) }))
}

function whole(distance: number): number {
  return Math.min(Math.floor(distance), unlimited)
}

/** What queries keep of keys, by the mask and the tensors that it names. */
export function maskProgram(mask: AttentionMask | undefined, tensors: readonly Operand[]): MaskProgram {
  if (!mask) return empty
  const program: MaskProgram = { ...empty, words: [], tablePlaces: [] }
  compile(mask, 1)
  return program

  function compile(part: AttentionMask, level: number): void {
    program.levels = Math.max(program.levels, level)
    switch (part.kind) {
      case 'and':
      case 'or':
        for (const [index, own] of part.of.entries()) {
          compile(own, index === 0 ? level : level + 1)
          if (index > 0) emit(part.kind === 'and' ? and : or)
        }
        return
      case 'tensor': {
        const { start, strides } = tensors[part.input]!
        emit(tensor, start, ...strides)
        return
      }
      case 'blocks':
        program.tablePlaces.push(program.words.length + 2)
        emit(blocks, part.size, program.table.length, part.table[0]?.length ?? 0)
        program.table = withTable(program.table, part.table)
        return
      case 'window':
        emit(range, whole(part.left), whole(part.right), Math.ceil(part.sinks ?? 0))
        return
      default:
        emit(range, unlimited, part.kind === 'causal' ? 0 : unlimited, 0)
    }
  }

  function emit(...words: readonly number[]): void {
    for (let index = 0; index < 6; index++) program.words.push(words[index] ?? 0)
  }
}

function withTable(bytes: Uint8Array, table: readonly (readonly number[])[]): Uint8Array {
  const columns = table[0]?.length ?? 0
  const joined = new Uint8Array(bytes.length + table.length * columns)
  joined.set(bytes)
  for (const [row, flags] of table.entries()) {
    const start = bytes.length + row * columns
    for (let column = 0; column < columns; column++) joined[start + column] = flags[column]! > 0 ? 1 : 0
  }
  return joined
}
