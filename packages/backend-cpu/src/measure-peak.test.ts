import { afterEach, expect, test, vi } from 'vitest'
import { measurePeak } from './measure-peak.ts'
import { Heap } from './memory/heap.ts'
import { hasInstructions } from './wasm/features.ts'
import { allBuilds } from './wasm/all-builds.ts'
import { instantiate } from './wasm/instantiate.ts'
import { webAssembly } from './wasm/web-assembly.ts'

const builds = (['relaxed', 'plain'] as const).filter(hasInstructions)

afterEach(() => void vi.restoreAllMocks())

// The first of the tests: a loop that has been made once is kept.
test('a build that the platform cannot run is refused', () => {
  vi.spyOn(webAssembly, 'validate').mockReturnValue(false)
  expect(() => measurePeak('plain')).toThrow(
    "measurePeak: 'build' is 'plain', which this platform has no SIMD for",
  )
})

test.each(builds)('the loop of the %s build does the operations that are counted', (build) => {
  const { peak } = instantiate(new Heap(65_536), build, allBuilds).exports!
  // Thirteen chains from 1, 1.1, ... 2.2, whose distance to 1 is halved three times a step.
  const distances = 7.8
  for (const steps of [0, 1, 2]) expect(peak(steps)).toBeCloseTo(13 + distances / 8 ** steps, 5)
})

test.each(builds)('the peak of the %s build is above what JavaScript reaches without vectors', (build) => {
  const peak = Math.max(...Array.from({ length: 5 }, () => measurePeak(build, 1)))
  expect(peak).toBeGreaterThan(2 * rateOfScalars())
  expect(peak).toBeLessThan(200)
})

/** 10^9 operations per second of four chains. */
function rateOfScalars(): number {
  const steps = 10_000_000
  const started = performance.now()
  let [a, b, c, d] = [1, 1.1, 1.2, 1.3]
  for (let step = 0; step < steps; step++) {
    a = a * 0.5 + 0.5
    b = b * 0.5 + 0.5
    c = c * 0.5 + 0.5
    d = d * 0.5 + 0.5
  }
  expect(a + b + c + d).toBeCloseTo(4)
  return (8 * steps) / (performance.now() - started) / 1e6
}

declare const performance: { now(): number }
