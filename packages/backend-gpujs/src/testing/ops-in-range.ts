import type { Op } from '@qkv/tensor'
import { allOps } from '@qkv/tensor/conformance'
import { largestExactInteger } from '../integer-range.ts'

type Sample = Op['samples'][number]

/** Whether floats hold all whole numbers of a sample. */
export function isInRange({ inputs }: Sample): boolean {
  return inputs.every(
    ({ dtype, values = [] }) =>
      dtype !== 'int32' || values.every((value) => Math.abs(value) <= largestExactInteger),
  )
}

/** Every op with the samples that gpu.js can hold. */
export const opsInRange: readonly Op[] = allOps.map(
  (op) => ({ ...op, samples: op.samples.filter((sample) => isInRange(sample)) }) as Op,
)
