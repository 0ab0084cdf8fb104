import { laplacianEigenvectors, randomWalkLandings } from '@qkv/attention'
import type { Device, Tensor } from '@qkv/tensor'
import type { Task } from './task.ts'

/** The numbers of one sequence, all that follow the batch axis. */
interface Side {
  readonly shape: readonly number[]
  readonly values: readonly number[] | Float64Array
  readonly dtype?: 'int32' | 'bool'
}

/** A text as a graph: neighbours are joined. */
function chain(length: number): number[][] {
  return Array.from({ length }, (_, from) =>
    Array.from({ length }, (_, to) => Number(Math.abs(from - to) === 1)),
  )
}

function pairs(length: number, inner: readonly number[], valueOf: (offset: number) => number[]): Side {
  const values = Array.from({ length: length * length }, (_, at) =>
    valueOf((at % length) - Math.floor(at / length)),
  ).flat()
  return { shape: [length, length, ...inner], values }
}

/** Steps of a path between two places, as graphormer-edges wants them: the direction of each. */
function pathOf(offset: number): number[] {
  return Array.from({ length: 5 }, (_, step) => (step < Math.abs(offset) ? Math.sign(offset) : 0))
}

const sides: Readonly<Record<string, (task: Task) => Side>> = {
  distances: ({ length }) => ({ ...pairs(length, [], (offset) => [Math.abs(offset)]), dtype: 'int32' }),
  edges: ({ length }) => pairs(length, [1], (offset) => [offset === -1 ? 2 : 1]),
  pathEdges: ({ length }) => pairs(length, [5, 1], pathOf),
  eigenvectors: ({ length }) => ({ shape: [length, 8], values: laplacianEigenvectors(chain(length), 8) }),
  landings: ({ length }) => ({ shape: [length, 16], values: randomWalkLandings(chain(length), 16) }),
  timestamps: ({ length }) => ({
    shape: [length, 4],
    values: Array.from({ length }, (_, hour) => [hour % 24, Math.floor(hour / 24) % 7, 0, 0]).flat(),
    dtype: 'int32',
  }),
  globals: ({ length }) => ({
    shape: [length],
    values: Array.from({ length }, (_, position) => Number(position === 0)),
    dtype: 'bool',
  }),
  prefixLength: ({ scoredFrom }) => ({ shape: [], values: [scoredFrom], dtype: 'int32' }),
}

/** Side inputs that may be left out: all nodes are neighbours, no token is filled up. */
const unneeded: ReadonlySet<string> = new Set(['adjacency', 'padding'])

/** Whether a text has a side input. */
export function isSideOfText(name: string): boolean {
  return unneeded.has(name) || sides[name] !== undefined
}

/** What a text has as a side input: its positions as a chain of nodes, an hour apart, the first of them global. */
export function sideOfText(name: string, task: Task, device: Device, rows: number): Tensor | 'none' {
  const side = sides[name]?.(task)
  if (!side) return 'none'
  const { shape, values, dtype = 'float32' } = side
  return device.tensor(Array.from({ length: rows }, () => [...values]).flat(), {
    shape: [rows, ...shape],
    dtype,
  })
}
