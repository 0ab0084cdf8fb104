import type { Device } from '@qkv/tensor'
import type { Projected } from '../part.ts'

/**
 * Queries, keys and values of one head whose scaled products are the given scores `[query, key]`, and whose outputs are the weights:
 * the values are the identity.
 *
 * @example
 * inputs: scoreInputs([[0, Math.log(3)]]) // plain softmax gives [0.25, 0.75]
 */
export function scoreInputs(scores: readonly (readonly number[])[]): (device: Device) => Projected {
  const queries = scores.length
  const keys = scores[0]!.length
  const identity = (size: number, one: number): number[][] =>
    Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, at) => (row === at ? one : 0)))
  return (device) => ({
    query: device.tensor([[identity(queries, Math.sqrt(queries))]]),
    key: device.tensor([[Array.from({ length: keys }, (_, at) => scores.map((row) => row[at]!))]]),
    value: device.tensor([[identity(keys, 1)]]),
  })
}
