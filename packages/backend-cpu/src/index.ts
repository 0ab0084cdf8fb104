export type { CpuBackend, CpuOptions } from './assemble-backend.ts'
export { cpu } from './cpu.ts'
export { createCpuBackend } from './create-cpu-backend.ts'
export { type CpuDescription, describeCpuBackend } from './describe.ts'
export { measurePeak } from './measure-peak.ts'
export type { SimdBuild } from './wasm/builds.ts'

declare module '@qkv/tensor' {
  interface BackendNames {
    cpu: true
  }
}
