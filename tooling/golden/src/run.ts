import { type BackendPlugin, type Device, openDevice } from '@qkv/tensor'
import type { GoldenGroup } from './golden-case.ts'
import { groupNames, loadGroup } from './load-group.ts'
import { runCase } from './run-case.ts'

interface NamedReason {
  readonly name: string
  readonly reason: string
}

/** How the cases of one group went. `total` is what passed, failed and was skipped together. */
export interface GroupReport {
  readonly passed: number
  readonly total: number
  readonly failures: readonly NamedReason[]
  /** Cases where our convention differs on purpose, and was checked instead. */
  readonly skipped: readonly NamedReason[]
}

/**
 * Runs every case of a folder on a backend.
 *
 * @example
 * const reports = await runFolder('cases', cpu())
 */
export async function runFolder(
  folder: string,
  backend: BackendPlugin,
): Promise<Readonly<Record<string, GroupReport>>> {
  const reports: Record<string, GroupReport> = {}
  for (const name of groupNames(folder)) {
    const device = await openDevice({ backend })
    try {
      reports[name] = await runGroup(loadGroup(folder, name), device)
    } finally {
      await device.dispose()
    }
  }
  return reports
}

async function runGroup(group: GoldenGroup, device: Device): Promise<GroupReport> {
  let passed = 0
  const failures: NamedReason[] = []
  const skipped: NamedReason[] = []
  for (const testCase of group.cases) {
    const result = await runCase(testCase, group, device)
    if (result.status === 'passed') passed += 1
    else
      (result.status === 'failed' ? failures : skipped).push({ name: testCase.name, reason: result.reason })
  }
  return { passed, total: group.cases.length, failures, skipped }
}
