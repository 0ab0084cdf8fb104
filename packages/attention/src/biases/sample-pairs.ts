import type { SideSample } from '../part.ts'

/** A side input of pairs of positions for tests, `[batch, length, length, ...further]`, from a number for each place. */
export function samplePairs(
  { batch, length }: { readonly batch: number; readonly length: number },
  further: readonly number[],
  numberAt: (entry: number, query: number, key: number, rest: number) => number,
): SideSample {
  const inner = further.reduce((product, size) => product * size, 1)
  const values = Array.from({ length: batch * length * length * inner }, (_, at) => {
    const pair = Math.floor(at / inner)
    const row = Math.floor(pair / length)
    return numberAt(Math.floor(row / length), row % length, pair % length, at % inner)
  })
  return { shape: [batch, length, length, ...further], values }
}

/** Steps between positions of a graph for tests: 1 to 3, two nodes in a line of their own that are out of reach. */
export function sampleDistances(sizes: { readonly batch: number; readonly length: number }): SideSample {
  const distance = (entry: number, query: number, key: number): number =>
    query === key ? 0 : (query + key + entry) % 4 === 3 ? -1 : 1 + ((query * key + entry) % 3)
  return { ...samplePairs(sizes, [], distance), dtype: 'int32' }
}
