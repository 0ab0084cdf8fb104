import type { Device } from '@qkv/tensor'
import type { Projected } from '../part.ts'

/** Values `[heads, key, size]` of one batch entry whose weights are even, as all queries and keys are zeros. */
export function evenInputs(
  values: readonly (readonly (readonly number[])[])[],
  queries = 1,
): (device: Device) => Projected {
  const zeros = (length: number): number[][][] =>
    values.map(([row]) => Array.from({ length }, () => row!.map(() => 0)))
  return (device) => ({
    query: device.tensor([zeros(queries)]),
    key: device.tensor([zeros(values[0]!.length)]),
    value: device.tensor([values.map((rows) => rows.map((row) => [...row]))]),
  })
}
