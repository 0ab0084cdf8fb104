import type { Device, Tensor } from '@qkv/tensor'

/** One figure of a benchmark. */
export interface BenchResult {
  readonly name: string
  /** Sizes, such as `512x512x512`. */
  readonly shape: string
  readonly backend: string
  readonly threads: number
  /** Milliseconds of one run: the median, and the quartiles around it. */
  readonly milliseconds: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
  /** How often it was run. */
  readonly runs: number
  /** 10^9 floating-point operations per second at the median, where they were counted. */
  readonly gflops: number | null
  /** Target tokens per second at the median, for training. */
  readonly tokensPerSecond: number | null
}

export interface Workload {
  readonly name: string
  readonly shape: string
  /** What it computes once; its tensors are freed. */
  run(): Tensor | readonly Tensor[] | void
  readonly floatingPointOperations?: number
  readonly tokens?: number
}

const warmups = 2
const fewestRuns = 5
const mostRuns = 200

/** Runs a workload for about `seconds` after a warm-up, and measures each run until the device is done. */
export async function measure(device: Device, workload: Workload, seconds: number): Promise<BenchResult> {
  const { name, shape, floatingPointOperations, tokens } = workload
  for (let run = 0; run < warmups; run += 1) await runOnce(device, workload)
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  while (times.length < fewestRuns || (performance.now() < end && times.length < mostRuns)) {
    times.push(await runOnce(device, workload))
  }
  const milliseconds = quantile(times, 0.5)
  return {
    name,
    shape,
    backend: device.name,
    threads: threadsOf(device),
    milliseconds,
    lowerQuartile: quantile(times, 0.25),
    upperQuartile: quantile(times, 0.75),
    runs: times.length,
    gflops: floatingPointOperations === undefined ? null : floatingPointOperations / milliseconds / 1e6,
    tokensPerSecond: tokens === undefined ? null : (1000 * tokens) / milliseconds,
  }
}

async function runOnce(device: Device, workload: Workload): Promise<number> {
  const started = performance.now()
  const scope = device.scope()
  try {
    workload.run()
  } finally {
    scope.dispose()
  }
  await device.synchronize()
  return performance.now() - started
}

/** A backend with threads of its own says so; all others use one. */
function threadsOf({ backend }: Device): number {
  return 'threads' in backend && typeof backend.threads === 'number' ? backend.threads : 1
}

/** By linear interpolation between the ordered values. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = values.toSorted((left, right) => left - right)
  const place = (ordered.length - 1) * share
  const below = ordered[Math.floor(place)]!
  const above = ordered[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}
