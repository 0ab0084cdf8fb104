import { type BackendPlugin, type Device, openDevice } from '@qkv/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GoldenGroup } from './golden-case.ts'
import { runCase } from './run-case.ts'

/** Registers a test for each case of the groups, on a backend. */
export function testGroups(plugin: BackendPlugin, groups: readonly GoldenGroup[]): void {
  let device: Device
  beforeAll(async () => {
    device = await openDevice({ backend: plugin })
  })
  afterAll(() => device.dispose())

  describe.each(groups)('$name', (group) => {
    // A whole training trajectory on the reference backend takes seconds, more on a busy machine.
    test.for(group.cases)('$name', { timeout: 120_000 }, async (testCase, { skip }) => {
      const result = await runCase(testCase, group, device)
      if (result.status === 'skipped') skip(result.reason)
      expect(result.status === 'failed' ? result.reason : null).toBeNull()
    })
  })
}
