import type { CommandQueue } from '../commands/command-queue.ts'
import type { WebGpuDescription } from '../describe.ts'
import type { Arena } from '../memory/arena.ts'
import type { BufferPool } from '../memory/buffer-pool.ts'
import type { AdapterInfo } from './adapter-info.ts'
import type { Health } from './health.ts'
import type { OpenedGpu } from './open-gpu.ts'

/** What counts for a description. */
interface Counted {
  readonly queue: CommandQueue
  readonly arena: Arena
  readonly pool: BufferPool
  readonly health: Health
}

/** What an adapter and a backend on it say of themselves. */
export function describeGpu(
  { info, adapter: { features }, device: { limits } }: OpenedGpu,
  { queue, arena, pool, health }: Counted,
  choices: Pick<WebGpuDescription, 'subgroups' | 'matmul' | 'matmulPrecision'>,
): WebGpuDescription {
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    adapter: info.description,
    isFallbackAdapter: isSoftware(info),
    features: [...features].map(String).toSorted(),
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
    ...choices,
    get counters() {
      return {
        ...queue.counters,
        pipelines: queue.pipelines.size,
        liveBuffers: arena.liveBuffers,
        pooledBuffers: pool.pooledBuffers,
        pooledBytes: pool.pooledBytes,
        waiting: health.waiting,
      }
    },
  }
}

/** Whether an adapter computes on the processor, by what it says of itself. */
export function isSoftware({ isFallbackAdapter, architecture }: AdapterInfo): boolean {
  return isFallbackAdapter || /swiftshader|llvmpipe/i.test(architecture)
}
