import type { Op, TensorSpec } from '@qkv/tensor'
import type { BindingLimits } from './kernel.ts'
import { kernels } from './kernels/index.ts'

/** How far a result `x` may be from double precision, as a share of `1 + 2 |x|`. */
export const relativeTolerance = 1e-5

/** The same where large matrices are multiplied in float16: both elements of a product are rounded by up to 2^-11. */
export const relativeToleranceOfFloat16 = 2e-3

/** What every GPU has, by the standard. */
const leastLimits: BindingLimits = { maxStorageBuffersPerShaderStage: 8 }

/**
 * Whether a call runs in kernels of its own: every primitive, and composites that are worth it. GPUs that bind more buffers than the
 * standard asks for run a few more.
 */
export function hasKernel(
  op: Op,
  inputs: readonly TensorSpec[],
  attrs: unknown,
  limits: BindingLimits = leastLimits,
): boolean {
  const kernel = kernels[op.name]
  if (op.kind === 'primitive' || kernel === undefined) return kernel !== undefined
  return kernel.supports === undefined || kernel.supports(inputs, attrs, limits)
}
