import type { GpuProvider } from '../index.ts'

/** A provider whose adapters say what one in hardware would: the kernels for real GPUs run, on whatever there is. */
export function pretendedHardware(gpu: GpuProvider): GpuProvider {
  return {
    async requestAdapter(options) {
      const adapter = (await gpu.requestAdapter(options)) as GPUAdapter | null
      return (
        adapter && {
          info: { vendor: 'pretended', architecture: 'hardware', description: '', isFallbackAdapter: false },
          features: adapter.features,
          limits: adapter.limits,
          requestDevice: (descriptor: GPUDeviceDescriptor) => adapter.requestDevice(descriptor),
        }
      )
    },
  }
}
