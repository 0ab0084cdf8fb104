import type { GpuProvider } from '../index.ts'

/** A provider whose adapters say something else of themselves than those of another. */
function pretending(gpu: GpuProvider, claims: Partial<Pick<GPUAdapter, 'info' | 'features'>>): GpuProvider {
  return {
    async requestAdapter(options) {
      const adapter = (await gpu.requestAdapter(options)) as GPUAdapter | null
      return (
        adapter && {
          info: adapter.info,
          features: adapter.features,
          limits: adapter.limits,
          requestDevice: (descriptor: GPUDeviceDescriptor) => adapter.requestDevice(descriptor),
          ...claims,
        }
      )
    },
  }
}

/** A provider whose adapters say what one in hardware would: the kernels for real GPUs run, on whatever there is. */
export function pretendedHardware(gpu: GpuProvider): GpuProvider {
  return pretending(gpu, {
    info: {
      vendor: 'pretended',
      architecture: 'hardware',
      description: '',
      isFallbackAdapter: false,
    } as GPUAdapterInfo,
  })
}

/** A provider whose adapters offer nothing beyond the core of WebGPU. */
export function withoutFeatures(gpu: GpuProvider): GpuProvider {
  return pretending(gpu, { features: new Set() })
}

/** A provider whose devices tell of other limits than they have. */
export function pretendedLimits(gpu: GpuProvider, claims: Partial<Record<string, number>>): GpuProvider {
  return {
    async requestAdapter(options) {
      const adapter = (await gpu.requestAdapter(options)) as GPUAdapter
      const claim = (device: GPUDevice): GPUDevice => {
        const limits: Record<string, unknown> = {}
        // They lie on the prototype, where a spread does not find them.
        for (const name in device.limits) limits[name] = device.limits[name as keyof GPUSupportedLimits]
        return Object.defineProperty(device, 'limits', { value: { ...limits, ...claims } })
      }
      return {
        info: adapter.info,
        features: adapter.features,
        limits: adapter.limits,
        requestDevice: async (descriptor: GPUDeviceDescriptor) =>
          claim(await adapter.requestDevice(descriptor)),
      }
    },
  }
}
