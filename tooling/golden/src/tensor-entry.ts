import type { GoldenTensor } from './golden-case.ts'

/** One entry along the first axis. */
export function entryOf({ dtype, shape, data, float32Error }: GoldenTensor, index: number): GoldenTensor {
  const [count, ...rest] = shape
  const size = data.length / count!
  return { dtype, shape: rest, data: data.slice(index * size, (index + 1) * size), float32Error }
}

/** The rows of a matrix. */
export function rowsOf({ shape, data }: GoldenTensor): number[][] {
  const length = shape[1]!
  return Array.from({ length: shape[0]! }, (_, row) =>
    Array.from(data.subarray(row * length, (row + 1) * length)),
  )
}
