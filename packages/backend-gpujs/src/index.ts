export {
  createGpujsBackend,
  type GpujsBackend,
  type GpujsDescription,
  type GpujsOptions,
} from './create-gpujs-backend.ts'
export type { EngineCounters } from './engine/engine.ts'
export type { GpujsMode } from './engine/modes.ts'
export { gpujs } from './gpujs.ts'
export { hasKernel, relativeTolerance } from './has-kernel.ts'

declare module '@qkv/tensor' {
  interface BackendNames {
    gpujs: true
  }
}
