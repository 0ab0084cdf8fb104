import type { Device } from '@qkv/tensor'
import type { CaseResult } from './adapter.ts'
import { groupAdapters } from './adapters/index.ts'
import type { GoldenCase, GoldenGroup } from './golden-case.ts'

/** Runs one case in a scope of its own; whatever it throws is a failure. */
export async function runCase(testCase: GoldenCase, group: GoldenGroup, device: Device): Promise<CaseResult> {
  const adapter = groupAdapters.find((candidate) => candidate.group === group.name)
  if (!adapter) return { status: 'failed', reason: `there is no adapter for group '${group.name}'` }
  const scope = device.scope()
  try {
    return await adapter.run(testCase, { device, group })
  } catch (error) {
    return { status: 'failed', reason: error instanceof Error ? error.message : String(error) }
  } finally {
    scope.dispose()
  }
}
