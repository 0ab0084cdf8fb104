import { BackendError } from '@qkv/tensor'
import type { Heap } from '../memory/heap.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'
import { availableThreads } from './start-worker.ts'
import { soloTeam, type Team } from './team.ts'
import { ThreadTeam } from './thread-team.ts'

/** Who shares the work, and why not more. */
export interface TeamChoice {
  /** How many threads share the work by now, and those that will once there is work. */
  threads(): number
  reasons(): readonly string[]
  /** Resolves when all threads that can be had work. */
  ready(): Promise<void>
}

/** More threads than this wait for one another more than they help. */
const mostThreads = 16

const needsIsolation =
  'further threads need shared memory: serve the page cross-origin isolated, with the headers `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`'

/** A team of the size that was asked for, or of as many threads as the platform runs at once. */
export function chooseTeam(
  { exports, module }: WasmInstance,
  heap: Heap,
  wanted: number | undefined,
): TeamChoice & { readonly team: Team } {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1)) throw threadsError(wanted)
  const size = wanted ?? Math.min(availableThreads(), mostThreads)
  if (size === 1) return alone([])
  const reason = !exports
    ? 'further threads need the WebAssembly kernels'
    : heap.sendable
      ? undefined
      : needsIsolation
  if (reason !== undefined) return alone([reason])
  const team = new ThreadTeam(size, exports!, module!, heap)
  return { team, threads: () => team.threads, reasons: () => team.reasons, ready: () => team.ready() }
}

function alone(reasons: readonly string[]): TeamChoice & { readonly team: Team } {
  return { team: soloTeam, threads: () => 1, reasons: () => reasons, ready: async () => {} }
}

function threadsError(wanted: number): BackendError {
  return new BackendError({
    operation: 'cpu',
    argument: 'threads',
    got: `is ${wanted}`,
    expected: 'a whole number of at least 1',
    fix: 'Leave it out to use all that the machine has.',
  })
}
