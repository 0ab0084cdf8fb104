import { measurePeak } from '@qkv/backend-cpu'
import { countOperations } from './count-operations.ts'
import type { BenchDevice } from './open-devices.ts'
import { quantile } from './quantile.ts'
import type { TimingResult } from './results.ts'
import type { Workload } from './workload.ts'

/** The same workload on one of the devices that are compared. */
export interface Variant {
  readonly on: BenchDevice
  readonly workload: Workload
}

const fewestRounds = 5
/** A sample of a short workload is made of so many runs that the clock, and the waking of threads, do not count. */
const sampleMilliseconds = 4
const peakMilliseconds = 1
/** A wait for the device takes so long at most: longer workloads do not notice it. */
const longestWait = 20
const mostRuns = 1024
const moreRuns = 8

/** What was measured of one variant so far. */
interface Series {
  readonly variant: Variant
  readonly operations: number
  readonly runsPerSample: number
  readonly times: number[]
  readonly peaks: number[]
}

/**
 * Runs variants in turns, for about `seconds` each, and the peak of the machine in between, so that a clock that changes, or other
 * work on the machine, meets all of them.
 */
export async function measure(
  suite: string,
  variants: readonly Variant[],
  seconds: number,
): Promise<readonly TimingResult[]> {
  const series: Series[] = []
  for (const variant of variants) series.push(await warmUp(variant, seconds))
  const end = performance.now() + 1000 * seconds * variants.length
  for (let round = 0; round < fewestRounds || performance.now() < end; round += 1) {
    for (const each of round % 2 === 0 ? series : series.toReversed()) {
      const { simd } = each.variant.on
      if (simd !== null && simd !== 'none') each.peaks.push(measurePeak(simd, peakMilliseconds))
      each.times.push(await sample(each.variant, each.runsPerSample))
    }
  }
  return series.map((each) => resultOf(suite, each))
}

/** Counts its operations, gives engine and caches time to get used to it, and finds out how often to run it per sample. */
async function warmUp(variant: Variant, seconds: number): Promise<Series> {
  const { on, workload } = variant
  const { session } = workload
  session?.begin()
  const operations = await countOperations(on.device, () => runOnce(variant))
  session?.end()
  const end = performance.now() + Math.min(200 * seconds, 500)
  let milliseconds = await sample(variant, session?.runs ?? 1)
  while (performance.now() < end) milliseconds = await sample(variant, session?.runs ?? 1)
  const runsPerSample = session?.runs ?? (await runsOfSample(variant, milliseconds))
  return { variant, operations, runsPerSample, times: [], peaks: [] }
}

/**
 * So many runs that the clock does not count; and where a device cannot be waited for in place, so many that the wait at their end does
 * not count either, which takes a hundred times as long as a small operation.
 */
async function runsOfSample(variant: Variant, millisecondsAlone: number): Promise<number> {
  let runs = Math.max(1, Math.round(sampleMilliseconds / millisecondsAlone))
  if (variant.on.device.backend.capabilities.synchronousRead) return runs
  let milliseconds = millisecondsAlone
  while (runs < mostRuns && runs * milliseconds < longestWait) {
    const afterMore = await sample(variant, moreRuns * runs)
    // Of a run that reads its result, each waits.
    if (afterMore > milliseconds / 2) return runs
    milliseconds = afterMore
    runs *= moreRuns
  }
  return runs
}

/** Milliseconds of one of some runs. */
async function sample(variant: Variant, runs: number): Promise<number> {
  const { device } = variant.on
  const { session } = variant.workload
  if (session) session.begin()
  // Wakes threads, and brings into the caches what the other variants have driven out.
  else if (runs > 1) await runOnce(variant)
  await device.synchronize()
  const started = performance.now()
  for (let run = 0; run < runs; run += 1) {
    const pending = runOnce(variant)
    if (pending) await pending
  }
  await device.synchronize()
  const milliseconds = (performance.now() - started) / runs
  session?.end()
  return milliseconds
}

/** A promise only where the workload gives one: waiting would count in what takes microseconds. */
function runOnce({ on, workload }: Variant): Promise<void> | undefined {
  const scope = on.device.scope()
  let pending: unknown
  try {
    pending = workload.run()
  } finally {
    if (!(pending instanceof Promise)) scope.dispose()
  }
  return pending instanceof Promise ? pending.then(() => scope.dispose()) : undefined
}

function resultOf(suite: string, { variant, operations, runsPerSample, times, peaks }: Series): TimingResult {
  const { on, workload } = variant
  const { bytes, elements, tokens } = workload
  const milliseconds = quantile(times, 0.5)
  const gflops = operations === 0 ? null : operations / milliseconds / 1e6
  const peakGflops = peaks.length === 0 ? null : quantile(peaks, 0.5)
  return {
    suite,
    name: workload.name,
    shape: workload.shape,
    backend: on.device.name,
    simd: on.simd,
    threads: on.threads,
    milliseconds,
    lowerQuartile: quantile(times, 0.25),
    upperQuartile: quantile(times, 0.75),
    fastest: Math.min(...times),
    runs: times.length * runsPerSample,
    gflops,
    peakGflops,
    fractionOfPeak: gflops === null || peakGflops === null ? null : gflops / (peakGflops * on.threads),
    gigabytesPerSecond: bytes === undefined ? null : bytes / milliseconds / 1e6,
    nanosecondsPerElement: elements === undefined ? null : (milliseconds * 1e6) / elements,
    tokensPerSecond: tokens === undefined ? null : (1000 * tokens) / milliseconds,
    timesAsFast: null,
  }
}
