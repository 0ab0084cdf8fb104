import type { Device } from '@qkv/tensor'
import { sampleValues } from '../conformance/sample-values.ts'
import type { Projected } from '../part.ts'
import { dot, mixRows, softmaxOf } from './by-loops.test-helper.ts'

/** Where a score is. */
export interface ScorePlace {
  readonly batch: number
  readonly head: number
  readonly query: number
  readonly key: number
}

export interface HandSizes {
  readonly batch: number
  readonly heads: number
  readonly length: number
  readonly size: number
}

export const handSizes: HandSizes = { batch: 2, heads: 2, length: 4, size: 3 }

/** A query, key or value of a head. */
type Row = (batch: number, head: number, position: number) => number[]

export interface HandSample {
  inputs(device: Device): Projected
  readonly query: Row
  readonly key: Row
  readonly value: Row
  /** Outputs from the weight of each key for each query; values are those of the keys unless said. */
  mix(
    weightsOf: (place: Omit<ScorePlace, 'key'>) => readonly number[],
    valueOf?: (place: ScorePlace) => number[],
  ): number[]
  /** Outputs from the scores. */
  attend(scoreOf: (place: ScorePlace) => number, valueOf?: (place: ScorePlace) => number[]): number[]
  /** What `attendProjections` hands parts as the input of a position: its keys of all heads. */
  keyInput(batch: number, position: number): number[]
  scaledDot(place: ScorePlace): number
}

/** Projections for tests, and attention to them in plain loops. */
export function handSample({ batch, heads, length, size }: HandSizes = handSizes): HandSample {
  const shape = [batch, heads, length, size]
  const count = batch * heads * length * size
  const [queries, keys, values] = [
    sampleValues(count, 1),
    sampleValues(count, 2),
    sampleValues(count, 3),
  ] as const
  const range = (end: number): number[] => Array.from({ length: end }, (_, index) => index)
  const rowsOf =
    (numbers: readonly number[]) =>
    (entry: number, head: number, position: number): number[] => {
      const start = ((entry * heads + head) * length + position) * size
      return numbers.slice(start, start + size)
    }
  const [query, key, value] = [rowsOf(queries), rowsOf(keys), rowsOf(values)]

  const mix: HandSample['mix'] = (
    weightsOf,
    valueOf = (place) => value(place.batch, place.head, place.key),
  ) =>
    range(batch).flatMap((entry) =>
      range(heads).flatMap((head) =>
        range(length).flatMap((from) => {
          const place = { batch: entry, head, query: from }
          const weights = weightsOf(place)
          const values = range(length).map((to) => valueOf({ ...place, key: to }))
          return mixRows(weights, values)
        }),
      ),
    )
  return {
    query,
    key,
    value,
    mix,
    inputs: (device) => ({
      query: device.tensor(queries, { shape }),
      key: device.tensor(keys, { shape }),
      value: device.tensor(values, { shape }),
    }),
    attend: (scoreOf, valueOf) =>
      mix((place) => softmaxOf(range(length).map((to) => scoreOf({ ...place, key: to }))), valueOf),
    keyInput: (entry, position) => range(heads).flatMap((head) => key(entry, head, position)),
    scaledDot: (place) =>
      dot(query(place.batch, place.head, place.query), key(place.batch, place.head, place.key)) /
      Math.sqrt(size),
  }
}
