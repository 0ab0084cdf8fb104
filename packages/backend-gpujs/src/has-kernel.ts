import { type Op, sizeOf, type TensorSpec } from '@qkv/tensor'
import { kernels } from './kernels/index.ts'

/** How far results may be from double precision, relative to one or to the result. */
export const relativeTolerance = 2e-5

/** Whether a call runs in kernels of its own: every primitive, and composites that are worth it. */
export function hasKernel(op: Op, inputs: readonly TensorSpec[], attrs: unknown): boolean {
  const kernel = kernels[op.name]
  if (op.kind === 'primitive') return kernel !== undefined
  // What is made of nothing is left to the primitives.
  if (kernel === undefined || inputs.some(({ shape }) => sizeOf(shape) === 0)) return false
  return kernel.supports === undefined || kernel.supports(inputs, attrs)
}
