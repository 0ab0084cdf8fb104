import { webGpuError } from '../errors.ts'
import type { WebGpuOptions } from '../options.ts'
import { adapterInfo, type AdapterInfo } from './adapter-info.ts'
import { findGpu, type GpuProvider } from './gpu-provider.ts'
import { requiredFeatures } from './required-features.ts'

/** A device that was opened for one backend, and the adapter that it came from. */
export interface OpenedGpu {
  /** In Node the GPU goes away with the last reference to its provider. */
  readonly gpu: GpuProvider
  readonly adapter: GPUAdapter
  readonly info: AdapterInfo
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
  const { adapter, info } = await findAdapter(gpu, options)
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]))
  const features = requiredFeatures(adapter, options)
  try {
    return {
      gpu,
      adapter,
      info,
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

/** A page that is being left, or a driver that fails, rejects in place of finding nothing. */
async function findAdapter(
  gpu: GpuProvider,
  { powerPreference }: WebGpuOptions,
): Promise<Pick<OpenedGpu, 'adapter' | 'info'>> {
  let problem = 'is null: WebGPU is there, but found no GPU that it may use'
  try {
    const adapter = (await gpu.requestAdapter(powerPreference && { powerPreference })) as GPUAdapter | null
    if (adapter) return { adapter, info: await adapterInfo(adapter) }
  } catch (error) {
    problem = `was refused (${String(error)})`
  }
  throw webGpuError({
    argument: 'adapter',
    got: problem,
    expected: 'an adapter',
    fix: 'Update the graphics driver, or use the backend cpu.',
  })
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
