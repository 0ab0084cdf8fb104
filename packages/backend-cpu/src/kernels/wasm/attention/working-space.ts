import { blockBytes, laneBytes, panelBlockBytes } from './block-sizes.ts'
import type { WasmCall } from './call.ts'

/** Working space of one thread, laid out before its address is known. */
export class Space {
  bytes = 0

  take(bytes: number): number {
    const start = this.bytes
    this.bytes += 64 * Math.ceil(bytes / 64)
    return start
  }
}

/** Where the parts of the working space lie in it, in the order of assembly/attention/plan.ts. */
export interface SharedSpace {
  readonly block: number
  readonly turnedQuery: number
  readonly turnedOutput: number
  readonly scores: number
  readonly peaks: number
  readonly totals: number
  readonly factors: number
  readonly keep: number
  readonly turnedBias: number
  readonly words: number
}

/** The space that both passes need, with so many bytes for scores and for random words. */
export function shareSpace(
  space: Space,
  { plan, program, keepLevelBytes }: WasmCall,
  scoreBytes: number,
  randomBytes: number,
): SharedSpace {
  return {
    block: space.take(blockBytes),
    turnedQuery: space.take(plan.headSize * laneBytes),
    turnedOutput: space.take(plan.valueSize * laneBytes),
    scores: space.take(scoreBytes),
    peaks: space.take(laneBytes),
    totals: space.take(laneBytes),
    factors: space.take(laneBytes),
    keep: space.take(program.levels * keepLevelBytes),
    turnedBias: space.take(plan.bias ? panelBlockBytes : 0),
    words: space.take(randomBytes),
  }
}
