import type { Device } from '@qkv/tensor'
import type { Projected } from '../part.ts'
import { sampleValues } from './sample-attention.ts'

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

/** Queries, keys and values of about unit size. */
export function rotaryInputs(device: Device, { length, headSize }: RotaryCase): Projected {
  const tensor = (seed: number): Projected['query'] =>
    device.tensor(sampleValues(length * headSize, seed), { shape: [1, 1, length, headSize] })
  return { query: tensor(seeds.query), key: tensor(seeds.key), value: tensor(seeds.value) }
}

/** The same attention by plain loops: each pair is a complex number, multiplied by `e^(i · position · frequency)`. */
export function rotaryOutputs(rotary: RotaryCase): readonly number[] {
  const { length, headSize } = rotary
  const queries = turned(rotary, sampleValues(length * headSize, seeds.query))
  const keys = turned(rotary, sampleValues(length * headSize, seeds.key))
  return attended(rotary, queries, keys, (query, key) => dot(query, key) / Math.sqrt(headSize))
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
  sizes: Pick<RotaryCase, 'length' | 'headSize'>,
  score: Score,
): readonly number[] {
  const count = sizes.length * sizes.headSize
  return attended(sizes, sampleValues(count, seeds.query), sampleValues(count, seeds.key), score)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}

function attended(
  { length, headSize }: Pick<RotaryCase, 'length' | 'headSize'>,
  queries: readonly number[],
  keys: readonly number[],
  score: Score,
): readonly number[] {
  const values = sampleValues(length * headSize, seeds.value)
  const row = (rows: readonly number[], at: number): readonly number[] =>
    rows.slice(at * headSize, (at + 1) * headSize)
  const outputs: number[] = []
  for (let query = 0; query < length; query++) {
    const exponentials: number[] = []
    for (let key = 0; key < length; key++)
      exponentials.push(Math.exp(score(row(queries, query), row(keys, key), query, key)))
    const total = exponentials.reduce((sum, exponential) => sum + exponential, 0)
    for (let column = 0; column < headSize; column++) {
      let output = 0
      for (const [key, exponential] of exponentials.entries())
        output += (exponential / total) * values[key * headSize + column]!
      outputs.push(output)
    }
  }
  return outputs
}

function turned(rotary: RotaryCase, values: readonly number[]): readonly number[] {
  const { length, headSize, frequencies, amplitude = 1 } = rotary
  const result = [...values]
  for (let position = 0; position < length; position++) {
    for (const [pair, frequency] of frequencies.entries()) {
      const angle = position * frequency
      const [first, second] = [position * headSize + pair, position * headSize + pair + frequencies.length]
      const [real, imaginary] = [values[first]!, values[second]!]
      result[first] = amplitude * (real * Math.cos(angle) - imaginary * Math.sin(angle))
      result[second] = amplitude * (real * Math.sin(angle) + imaginary * Math.cos(angle))
    }
  }
  return result
}
