import type { Device, Tensor } from '@qkv/tensor'
import { seededUniform } from '../seeded.ts'

/** Numbers between -1 and 1, the same for every call; those of one seed have nothing to do with those of another. */
export function sampleValues(count: number, seed: number): number[] {
  const uniform = seededUniform(seed)
  return Array.from({ length: count }, () => 2 * uniform() - 1)
}

/** A tensor of `sampleValues`. */
export function sampleTensor(device: Device, shape: readonly number[], seed: number): Tensor {
  const count = shape.reduce((product, axis) => product * axis, 1)
  return device.tensor(sampleValues(count, seed), { shape })
}
