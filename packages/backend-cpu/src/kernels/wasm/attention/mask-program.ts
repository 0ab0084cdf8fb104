import { type AttentionMask, BackendError } from '@qkv/tensor'
import type { Operand } from '../../attention/plan.ts'

/** How far queries see: keys from `left` before their position to `right` after it, and those before `floor`. */
export interface Reach {
  readonly left: number
  readonly right: number
  readonly floor: number
}

/** A mask as the steps that assembly/attention/mask.ts runs. */
export interface MaskProgram {
  /** Six words for each step; those of a table have its place in `table` for an address. */
  readonly words: number[]
  /** Which words are places in `table`. */
  readonly tablePlaces: number[]
  /** The tables of blocks, a byte per block. */
  readonly table: number[]
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
const everywhere: Reach = { left: unlimited, right: unlimited, floor: 0 }
const causal: Reach = { left: unlimited, right: 0, floor: 0 }

const empty: MaskProgram = { words: [], tablePlaces: [], table: [], levels: 0 }

/** A stretch that holds all keys which a query may see; it may hold others. */
export function reachOf(mask: AttentionMask): Reach {
  switch (mask.kind) {
    case 'causal':
      return causal
    case 'window': {
      const floor = Math.ceil(mask.sinks ?? 0)
      return { left: floor > 0 ? unlimited : whole(mask.left), right: whole(mask.right), floor }
    }
    case 'and':
      return mask.of.map(reachOf).reduce((a, b) => meet(a, b, Math.max(a.floor, b.floor)))
    case 'or':
      return mask.of.map(reachOf).reduce((a, b) => ({
        left: Math.max(a.left, b.left),
        right: Math.max(a.right, b.right),
        floor: Math.max(a.floor, b.floor),
      }))
    default:
      return everywhere
  }
}

/** The reach of those parts of a mask that `withoutRanges` leaves out: it says all about them. */
export function rangeOf(mask: AttentionMask): Reach {
  if (mask.kind === 'and') return mask.of.map(rangeOf).reduce((a, b) => meet(a, b, 0))
  if (mask.kind === 'causal' || (mask.kind === 'window' && !mask.sinks)) return reachOf(mask)
  return everywhere
}

function meet(a: Reach, b: Reach, floor: number): Reach {
  return { left: Math.min(a.left, b.left), right: Math.min(a.right, b.right), floor }
}

function whole(distance: number): number {
  return Math.min(Math.floor(distance), unlimited)
}

/** What queries at `position` and after it keep of keys, by the mask and the tensors that it names. */
export function maskProgram(
  mask: AttentionMask | undefined,
  tensors: readonly Operand[],
  position: number,
  queries: number,
  keys: number,
): MaskProgram {
  if (!mask || queries === 0 || keys === 0) return empty
  const program: MaskProgram = { words: [], tablePlaces: [], table: [], levels: 0 }
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
        checkTable(part, position, queries, keys)
        program.tablePlaces.push(program.words.length + 2)
        emit(blocks, part.size, program.table.length, part.table[0]!.length)
        for (const row of part.table) for (const flag of row) program.table.push(flag > 0 ? 1 : 0)
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

function checkTable(
  { size, table }: Extract<AttentionMask, { kind: 'blocks' }>,
  position: number,
  queries: number,
  keys: number,
): void {
  const rows = Math.floor((position + queries - 1) / size) + 1
  const columns = Math.floor((keys - 1) / size) + 1
  if (position >= 0 && table.length >= rows && table.every((row) => row.length >= columns)) return
  throw new BackendError({
    operation: 'attention',
    argument: 'mask',
    got: `has a table of [${table.length}, ${table[0]?.length ?? 0}] blocks of ${size} positions`,
    expected: `at least [${rows}, ${columns}] for queries up to position ${position + queries - 1} and ${keys} keys`,
    fix: 'Make the table larger, or the blocks.',
  })
}
