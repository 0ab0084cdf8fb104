import { type Backend, BackendError, type HostArray, type Op, type TensorSpec } from '@qkv/tensor'
import { type CpuDescription, describe } from './describe.ts'
import { createKernels } from './kernels/index.ts'
import { WeightPanels } from './linear-algebra/weight-panels.ts'
import { Arena } from './memory/arena.ts'
import { Heap, largestHeap } from './memory/heap.ts'
import { runReference, viewOf } from './run-reference.ts'
import { chooseTeam } from './threads/choose-team.ts'
import type { SimdBuild } from './wasm/builds.ts'
import type { WasmInstance } from './wasm/instantiate.ts'

export interface CpuOptions {
  /** The most bytes that tensors may take together; 4 GiB, the most there can be, unless said. */
  readonly memoryLimit?: number
  /**
   * Which WebAssembly kernels to run: with fused multiplications and additions, without, or the TypeScript kernels alone; the
   * fastest that the platform has, unless said.
   */
  readonly simd?: SimdBuild
  /** How many threads share the work of large operations: as many as the machine runs at once, unless said. Results do not depend on it. */
  readonly threads?: number
}

/** A backend that says how it runs. */
export interface CpuBackend extends Backend {
  readonly description: CpuDescription
  /** Resolves when all threads that can be had work: until then, and without waiting for it, fewer do. */
  ready(): Promise<void>
}

/** An empty heap of the size that the options allow. */
export function createHeap({ memoryLimit = largestHeap }: CpuOptions): Heap {
  checkMemoryLimit(memoryLimit)
  return new Heap(memoryLimit)
}

/** The backend on a heap, with kernels that run there. */
export function assembleBackend(heap: Heap, instance: WasmInstance, options: CpuOptions): CpuBackend {
  const arena = new Arena(heap)
  const { team, ...choice } = chooseTeam(instance, heap, options.threads)
  const panels = new WeightPanels(arena)
  const { kernels, missing } = createKernels(instance.exports && { exports: instance.exports, team, panels })

  function download(handle: Parameters<typeof arena.own>[0], spec: TensorSpec): HostArray {
    return viewOf(heap, arena.own(handle), spec).slice()
  }

  return {
    specVersion: 1,
    name: 'cpu',
    description: describe(instance, choice, heap, panels, missing),
    capabilities: {
      dtypes: new Set(['float32', 'int32', 'bool', 'int8']),
      synchronousRead: true,
      relativeTolerance: 1e-5,
      readsStrides: (op: Op) => kernels[op.name]?.readsStrides === true,
    },
    supports(op, inputs, attrs) {
      if (op.kind === 'primitive') return true
      const kernel = kernels[op.name]
      return kernel !== undefined && (kernel.supports === undefined || kernel.supports(inputs, attrs))
    },
    run(call) {
      for (const { handle } of call.inputs) arena.own(handle)
      const kernel = kernels[call.op.name]
      for (const { handle, donated } of call.inputs) if (donated) panels.forget(handle)
      arena.begin()
      try {
        return kernel === undefined ? runReference(call, arena) : kernel.run(call, arena)
      } catch (error) {
        arena.undo()
        throw error
      }
    },
    upload(data, spec) {
      arena.begin()
      const buffer = arena.allocate(spec)
      viewOf(heap, buffer, spec).set(data)
      return buffer
    },
    download: async (handle, spec) => download(handle, spec),
    downloadSync: download,
    synchronize: async () => {},
    release(handle) {
      panels.forget(handle)
      arena.release(handle)
    },
    memory: () => ({ liveBuffers: arena.liveBuffers, liveBytes: arena.liveBytes }),
    dispose: async () => team.dispose(),
    ready: () => choice.ready(),
  }
}

function checkMemoryLimit(memoryLimit: number): void {
  if (memoryLimit > 0 && memoryLimit <= largestHeap) return
  throw new BackendError({
    operation: 'cpu',
    argument: 'memoryLimit',
    got: `is ${memoryLimit}`,
    expected: `a number of bytes up to ${largestHeap} (4 GiB)`,
    fix: 'Leave it out to allow all that 32-bit addresses reach.',
  })
}
