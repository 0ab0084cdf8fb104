import { createNullBackend } from '@qkv/instruments'
import { type Backend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import type { BenchResult, LaunchResult } from '../results.ts'
import { tableOf } from '../tables.ts'
import { launches } from './launches.ts'

async function resultsOn(backend: Backend): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = []
  const device = new Device(backend)
  await launches.run([{ device, threads: 1, simd: null }], 0, (some) => results.push(...some))
  await device.dispose()
  return results
}

test('kernels of a training step are counted, with fused ones and without', async () => {
  const inner = createNullBackend()
  const counters = { dispatches: 0, readBacks: 0 }
  const fused: Backend = {
    ...inner,
    description: { counters },
    supports: () => true,
    run(call) {
      counters.dispatches += 1
      return inner.run(call)
    },
  }
  const results = (await resultsOn(fused)) as readonly LaunchResult[]
  expect(results).toHaveLength(1)
  const [{ launches: few, unfusedLaunches, readBacks }] = results as [LaunchResult]
  expect(few).toBeGreaterThan(100)
  expect(few).toBeLessThan(0.4 * unfusedLaunches)
  expect(readBacks).toBe(0)
  expect(tableOf(results).rows[0]!.slice(4)).toEqual([
    few.toLocaleString('en-US'),
    unfusedLaunches.toLocaleString('en-US'),
    `${((100 * few) / unfusedLaunches).toFixed(0)} %`,
    '0',
  ])
})

test('a backend that does not count gives nothing', async () => {
  expect(await resultsOn(createNullBackend())).toEqual([])
})
