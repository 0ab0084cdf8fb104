import type { Device, Tensor } from '@qkv/tensor'
import { sampleTensor, sampleValues } from '../conformance/sample-values.ts'
import type { Projected } from '../part.ts'
import { dot, mixRows, type Rows, softmaxOf } from './by-loops.test-helper.ts'

/** What rotary positions are held to: one batch entry, one head, queries and keys of the same positions. */
export interface RotaryCase {
  readonly length: number
  readonly headSize: number
  /** Radians per position, one for each pair of columns `i` and `i + pairs`; other columns do not turn. */
  readonly frequencies: readonly number[]
  /** Multiplies the columns that turn; 1 unless said. */
  readonly amplitude?: number
}

const seeds = { query: 1, key: 2, value: 3 } as const

/** Queries, keys and values, all different. */
export function rotaryInputs(device: Device, { length, headSize }: RotaryCase): Projected {
  const tensor = (seed: number): Tensor => sampleTensor(device, [1, 1, length, headSize], seed)
  return { query: tensor(seeds.query), key: tensor(seeds.key), value: tensor(seeds.value) }
}

/** The same attention by plain loops: each pair is a complex number, multiplied by `e^(i · position · frequency)`. */
export function rotaryOutputs(rotary: RotaryCase): readonly number[] {
  const turn = (row: readonly number[], position: number): number[] => turned(rotary, row, position)
  return scoredOutputs(rotary, (query, key, queryPosition, keyPosition) => {
    const product = dot(turn(query, queryPosition), turn(key, keyPosition))
    return product / Math.sqrt(rotary.headSize)
  })
}

/** How well a key at one position fits a query at another. */
type Score = (
  query: readonly number[],
  key: readonly number[],
  queryPosition: number,
  keyPosition: number,
) => number

/** Attention over the same inputs by plain loops, with the scores of a formula. */
export function scoredOutputs(
  { length, headSize }: Pick<RotaryCase, 'length' | 'headSize'>,
  score: Score,
): readonly number[] {
  const rows = (seed: number): Rows => {
    const values = sampleValues(length * headSize, seed)
    return Array.from({ length }, (_, row) => values.slice(row * headSize, (row + 1) * headSize))
  }
  const [keys, values] = [rows(seeds.key), rows(seeds.value)]
  return rows(seeds.query).flatMap((query, i) =>
    mixRows(softmaxOf(keys.map((key, j) => score(query, key, i, j))), values),
  )
}

function turned(
  { frequencies, amplitude = 1 }: RotaryCase,
  row: readonly number[],
  position: number,
): number[] {
  const result = [...row]
  for (const [first, frequency] of frequencies.entries()) {
    const angle = position * frequency
    const second = first + frequencies.length
    const [real, imaginary] = [row[first]!, row[second]!]
    result[first] = amplitude * (real * Math.cos(angle) - imaginary * Math.sin(angle))
    result[second] = amplitude * (real * Math.sin(angle) + imaginary * Math.cos(angle))
  }
  return result
}
