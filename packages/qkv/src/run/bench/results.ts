import type { SimdBuild } from '@qkv/backend-cpu'

/** Which backend a figure belongs to, and what it ran. */
interface Measured {
  readonly suite: string
  readonly name: string
  /** Sizes, such as `512x512x512`. */
  readonly shape: string
  readonly backend: string
  /** The kernels of the CPU backend; `null` for other backends. */
  readonly simd: SimdBuild | null
  readonly threads: number
}

/** How long a workload takes. */
export interface TimingResult extends Measured {
  /** Milliseconds of one run: the median, and the quartiles around it. */
  readonly milliseconds: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
  /** The least that it took: what is left of other work on the machine. */
  readonly fastest: number
  /** How often it was run while the clock ran. */
  readonly runs: number
  /** 10^9 floating-point operations of matrix products and attention per second; `null` where there are none. */
  readonly gflops: number | null
  /** What one thread reaches at most in 128-bit vectors, in the same unit, measured in between; `null` without such kernels. */
  readonly peakGflops: number | null
  /** `gflops` over `peakGflops` times `threads`. */
  readonly fractionOfPeak: number | null
  readonly gigabytesPerSecond: number | null
  readonly nanosecondsPerElement: number | null
  readonly tokensPerSecond: number | null
  /** How often it ran in the time that the plain kernel took for one run, both in turns; `null` where none is compared with. */
  readonly timesAsFast: number | null
  /** The most bytes of tensors that live at one time in a run, besides those from before, where the suite measures it. */
  readonly peakBytes?: number
}

/** What lives on a device at some moment. */
export interface MemorySnapshot {
  readonly steps: number
  readonly liveBuffers: number
  readonly liveBytes: number
  /** The size of the CPU backend's heap, free stretches included; `null` for other backends. */
  readonly heapBytes: number | null
}

/** What lives after few and after many training steps. */
export interface MemoryResult extends Measured {
  readonly early: MemorySnapshot
  readonly late: MemorySnapshot
}

/** How much a training step asks of a GPU. */
export interface LaunchResult extends Measured {
  /** Kernels that were started. */
  readonly launches: number
  /** The same where all composites are made of primitives. */
  readonly unfusedLaunches: number
  readonly readBacks: number
}

/** How time and memory grow with the length of a sequence. */
export interface GrowthResult extends Measured {
  /** The part with its options, and what it was composed with. */
  readonly composition: string
  readonly points: readonly {
    readonly length: number
    /** Milliseconds of one run, the median. */
    readonly milliseconds: number
    /** The most bytes of tensors that live at one time in a run. */
    readonly peakBytes: number
  }[]
  /** The powers of the length that they grow with from 1,024 positions on: slopes of lines through the logarithms. */
  readonly timeExponent: number
  readonly memoryExponent: number
}

export type BenchResult = TimingResult | MemoryResult | LaunchResult | GrowthResult

export function isTiming(result: BenchResult): result is TimingResult {
  return 'milliseconds' in result
}

export function isMemory(result: BenchResult): result is MemoryResult {
  return 'late' in result
}

export function isGrowth(result: BenchResult): result is GrowthResult {
  return 'timeExponent' in result
}
