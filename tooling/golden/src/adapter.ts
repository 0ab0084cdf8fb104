import type { Device } from '@qkv/tensor'
import type { GoldenCase, GoldenGroup } from './golden-case.ts'

/** How a case went. A case is skipped only where our convention differs on purpose, and holds. */
export type CaseResult =
  | { readonly status: 'passed' }
  | { readonly status: 'failed' | 'skipped'; readonly reason: string }

/** Where a case runs. */
export interface CaseContext {
  /** Within a scope that the runner closes after the case: adapters need not dispose anything. */
  readonly device: Device
  readonly group: GoldenGroup
}

/**
 * Maps every case of one group, by its `op` and `attrs`, to calls of the public API.
 * Whatever `run` throws counts as a failure, with the message as its reason.
 */
export interface GroupAdapter {
  /** The file name of the group without `.json`. */
  readonly group: string
  /** Whether its cases compute with tensors, which they do unless said: only then is each backend worth a run. */
  readonly usesDevice?: boolean
  run(testCase: GoldenCase, context: CaseContext): Promise<CaseResult>
}

/** The result for a check that gives `null`, or a sentence about what is wrong. */
export function resultOf(problem: string | null): CaseResult {
  return problem === null ? { status: 'passed' } : { status: 'failed', reason: problem }
}
