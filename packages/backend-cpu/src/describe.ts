import type { Backend } from '@qkv/tensor'
import type { WeightPanels } from './linear-algebra/weight-panels.ts'
import type { Heap } from './memory/heap.ts'
import type { TeamChoice } from './threads/choose-team.ts'
import type { SimdBuild } from './wasm/builds.ts'
import type { WasmInstance } from './wasm/instantiate.ts'

/** How a CPU backend runs. */
export interface CpuDescription {
  readonly simd: SimdBuild
  /** How many threads share the work; further ones start with the first job that is worth it. */
  readonly threads: number
  /** Why faster kernels or more threads are not used; empty when there are none, or others were asked for. */
  readonly reasons: readonly string[]
  /** Whether other threads can see the heap: in browsers, on pages that are cross-origin isolated. */
  readonly sharedMemory: boolean
  /** How long the heap is, in bytes. */
  readonly heapBytes: number
  /** How much of it holds copies of weights that products read faster. */
  readonly panelBytes: number
  /** The operations that run in TypeScript, for lack of a kernel in WebAssembly. */
  readonly missingKernels: readonly string[]
}

export function describe(
  { build, reasons }: WasmInstance,
  team: TeamChoice,
  heap: Heap,
  panels: WeightPanels,
  missingKernels: readonly string[],
): CpuDescription {
  return {
    simd: build,
    get threads() {
      return team.threads()
    },
    get reasons() {
      return [...reasons, ...team.reasons()]
    },
    sharedMemory: heap.sendable,
    get heapBytes() {
      return heap.byteLength
    },
    get panelBytes() {
      return panels.bytes
    },
    missingKernels,
  }
}

/**
 * How a CPU backend runs, also from inside decorators; `undefined` for other backends.
 *
 * @example
 * console.log(describeCpuBackend(device.backend)?.simd)
 */
export function describeCpuBackend(backend: Backend): CpuDescription | undefined {
  return backend.name === 'cpu'
    ? (backend as Partial<{ readonly description: CpuDescription }>).description
    : undefined
}
