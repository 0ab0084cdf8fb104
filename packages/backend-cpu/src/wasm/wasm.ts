import type { WasmExports } from '../generated/exports.ts'
import type { Team } from '../threads/team.ts'

/** The kernels of assembly/ on a heap, and the threads that run them. */
export interface Wasm {
  readonly exports: WasmExports
  readonly team: Team
}
