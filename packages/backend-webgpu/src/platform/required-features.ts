import { webGpuError } from '../errors.ts'
import type { WebGpuOptions } from '../options.ts'

/** The features that kernels use, or a `BackendError` where the options ask for one that the adapter does not offer. */
export function requiredFeatures({ features }: GPUAdapter, options: WebGpuOptions): GPUFeatureName[] {
  const { matmul = 'auto', matmulPrecision = 'float32' } = options
  const float16 = matmulPrecision === 'float16'
  if (float16 && !features.has('shader-f16')) {
    throw webGpuError({
      argument: 'matmulPrecision',
      got: "is 'float16', and the adapter does not offer shader-f16",
      expected: 'an adapter with the feature shader-f16',
      fix: "Leave out `matmulPrecision`, or ask for 'float32'.",
    })
  }
  if (matmul === 'subgroups' && !features.has('subgroups')) {
    throw webGpuError({
      argument: 'matmul',
      got: "is 'subgroups', and the adapter does not offer them",
      expected: 'an adapter with the feature subgroups',
      fix: "Leave out `matmul`, or ask for 'tiled' or 'direct'.",
    })
  }
  return [
    ...(features.has('subgroups') ? ['subgroups' as const] : []),
    ...(float16 ? ['shader-f16' as const] : []),
  ]
}
