import { webGpuError } from '../errors.ts'
import type { WebGpuOptions } from '../options.ts'
import { findGpu, type GpuProvider } from './gpu-provider.ts'

/** A device that was opened for one backend, and the adapter that it came from. */
export interface OpenedGpu {
  /** In Node the GPU goes away with the last reference to its provider. */
  readonly gpu: GpuProvider
  readonly adapter: GPUAdapter
  readonly device: GPUDevice
}

/** Limits of which a backend takes all that the adapter has. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const

/** Opens a device with the adapter's limits, or throws a `BackendError` that says what is missing. */
export async function openGpu(options: WebGpuOptions): Promise<OpenedGpu> {
  const gpu = options.gpu ?? (await provider(options.module ?? 'webgpu'))
  const { powerPreference } = options
  const adapter = (await gpu.requestAdapter(powerPreference && { powerPreference })) as GPUAdapter | null
  if (!adapter) {
    throw webGpuError({
      argument: 'adapter',
      got: 'is null: WebGPU is there, but found no GPU that it may use',
      expected: 'an adapter',
      fix: 'Update the graphics driver, or use the backend cpu.',
    })
  }
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]))
  const requiredFeatures = featuresFor(adapter, options)
  try {
    return {
      gpu,
      adapter,
      device: await adapter.requestDevice({ label: 'qkv', requiredFeatures, requiredLimits }),
    }
  } catch (error) {
    throw webGpuError({
      argument: 'device',
      got: `was refused (${String(error)})`,
      expected: 'a device with the limits and features of its adapter',
      fix: 'Close other programs that use the GPU, or use the backend cpu.',
    })
  }
}

/** The features that kernels use, or a `BackendError` where the options ask for one that the adapter does not offer. */
function featuresFor({ features }: GPUAdapter, options: WebGpuOptions): GPUFeatureName[] {
  const { matmul = 'auto', matmulPrecision = 'float32' } = options
  const float16 = matmulPrecision === 'float16'
  if (!float16 && matmulPrecision !== 'float32') {
    throw webGpuError({
      argument: 'matmulPrecision',
      got: `is '${String(matmulPrecision)}'`,
      expected: "'float32' or 'float16'",
      fix: 'Leave it out for float32.',
    })
  }
  if (float16 && matmul !== 'auto' && matmul !== 'tiled') {
    throw webGpuError({
      argument: 'matmulPrecision',
      got: `is 'float16' with matmul: '${matmul}', which multiplies in float32 alone`,
      expected: "matmul: 'tiled' or 'auto' beside it",
      fix: "Leave out `matmul`, or ask for matmulPrecision: 'float32'.",
    })
  }
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

async function provider(module: string): Promise<GpuProvider> {
  const search = await findGpu(module)
  if ('gpu' in search) return search.gpu
  throw webGpuError({
    argument: 'gpu',
    got: `is missing: ${search.missing}`,
    expected: 'WebGPU',
    fix: search.fix,
  })
}
