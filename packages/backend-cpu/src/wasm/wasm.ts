import type { WasmExports } from '../generated/exports.ts'
import type { WeightPanels } from '../linear-algebra/weight-panels.ts'
import type { Team } from '../threads/team.ts'

/** The kernels of assembly/ on a heap, the threads that run them, and what they keep of weights. */
export interface Wasm {
  readonly exports: WasmExports
  readonly team: Team
  readonly panels: WeightPanels
}
