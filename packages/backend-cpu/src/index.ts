export { cpu, createCpuBackend, type CpuOptions } from './create-cpu-backend.ts'

declare module '@qkv/tensor' {
  interface BackendNames {
    cpu: true
  }
}
