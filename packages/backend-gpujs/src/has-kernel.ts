import { type Op, sizeOf, type TensorSpec } from '@qkv/tensor'
import { kernels } from './kernels/index.ts'

/** How far results may be from double precision, relative to one or to the result. */
export const relativeTolerance = 2e-5

/**
 * Whether a call runs in kernels of its own: every primitive, and composites that are worth it. `mostInputs` is how many arrays one
 * kernel may read, which depends on the mode: 15 at most on WebGL, 7 in the mode `webgpu`, any number elsewhere.
 */
export function hasKernel(
  op: Op,
  inputs: readonly TensorSpec[],
  attrs: unknown,
  mostInputs: number = Infinity,
): boolean {
  const kernel = kernels[op.name]
  if (op.kind === 'primitive') return kernel !== undefined
  // What is made of nothing is left to the primitives.
  if (kernel === undefined || inputs.some(({ shape }) => sizeOf(shape) === 0)) return false
  return kernel.supports === undefined || kernel.supports(inputs, attrs, mostInputs)
}
