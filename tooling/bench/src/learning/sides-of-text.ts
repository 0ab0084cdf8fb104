import { laplacianEigenvectors, randomWalkLandings } from '@qkv/attention'
import { allocateHostArray, type Device, type HostArray, type Tensor, type TensorOptions } from '@qkv/tensor'
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

/** What a text has as side inputs: its positions as a chain of nodes, an hour apart, the first of them global. */
export class SidesOfText {
  readonly #task: Task
  readonly #repeated = new Map<string, { readonly data: HostArray; readonly options: TensorOptions }>()

  constructor(task: Task) {
    this.#task = task
  }

  /** The side input of a name for so many sequences; `'none'` where it is left out. */
  get(name: string, device: Device, rows: number): Tensor | 'none' {
    const make = sides[name]
    if (!make) return 'none'
    const key = `${name}, ${rows}`
    let repeated = this.#repeated.get(key)
    if (!repeated) {
      const { shape, values, dtype = 'float32' } = make(this.#task)
      const data = allocateHostArray(dtype, rows * values.length)
      for (let row = 0; row < rows; row++) data.set(values, row * values.length)
      repeated = { data, options: { shape: [rows, ...shape], dtype } }
      this.#repeated.set(key, repeated)
    }
    return device.tensor(repeated.data, repeated.options)
  }
}
