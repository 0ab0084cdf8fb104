import { webGpuError } from '../errors.ts'
import type { WebGpuOptions } from '../options.ts'
import { findGpu, type GpuProvider } from './gpu-provider.ts'
import { requiredFeatures } from './required-features.ts'

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
  const features = requiredFeatures(adapter, options)
  try {
    return {
      gpu,
      adapter,
      device: await adapter.requestDevice({ label: 'qkv', requiredFeatures: features, requiredLimits }),
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
