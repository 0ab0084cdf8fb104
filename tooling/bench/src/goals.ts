import { type BenchResult, isMemory, isTiming, type MemoryResult, type TimingResult } from 'qkv/bench'
import { atLeast, atMost, type Goal } from './goal.ts'
import type { KernelSum } from './kernel-sum.ts'
import type { TrainingStepResult } from './training-step.ts'
import { typescriptFigures } from './typescript-figures.ts'

/** What the goals are read from. */
export interface Measurements {
  /** Of `qkv bench`: both builds, and the counts of threads that the machine has. */
  readonly results: readonly BenchResult[]
  /** The operations once more, beside the TypeScript kernels. */
  readonly againstTypescript: readonly BenchResult[]
  readonly kernelSum: KernelSum
  /** An encoder-decoder of width 128. */
  readonly narrowStep: TrainingStepResult
}

/** Every goal that needs no other library beside this one, as it was measured. */
export function goalsOf(measurements: Measurements): readonly Goal[] {
  const timings = measurements.results.filter(isTiming)
  const { ratio } = measurements.kernelSum
  return [
    ...productGoals(timings),
    ...threadGoals(timings),
    atMost('GPT training step over the sum of its kernels timed alone', 1.2, ratio),
    atMost('share of a step outside of kernels, width 128', 0.1, measurements.narrowStep.overhead),
    ...int8Goals(timings),
    ...typescriptGoals(measurements.againstTypescript.filter(isTiming)),
    ...measurements.results.filter(isMemory).map(memoryGoal),
  ]
}

function productGoals(timings: readonly TimingResult[]): readonly Goal[] {
  const leastOf = (what: string, simd: string, prefix: string, least: number): readonly Goal[] => {
    const some = timings.filter(
      (each) => each.threads === 1 && each.simd === simd && each.name.startsWith(prefix),
    )
    const lowest = some.toSorted((a, b) => a.fractionOfPeak! - b.fractionOfPeak!)[0]
    if (!lowest) return []
    return [atLeast(what, least, lowest.fractionOfPeak!, `, the lowest: ${lowest.name} ${lowest.shape}`)]
  }
  return [
    ...leastOf('GEMM 128³ to 1024³, fraction of the peak, relaxed build', 'relaxed', 'matmul', 0.9),
    ...leastOf('GEMM 128³ to 1024³, fraction of the peak, plain build', 'plain', 'matmul', 0.85),
    ...leastOf('GEMM with cached panels of weights, relaxed build', 'relaxed', 'linear', 0.85),
  ]
}

/** Of the fastest build that was measured. */
function find(timings: readonly TimingResult[], wanted: Partial<TimingResult>): TimingResult | undefined {
  return timings.find((each) =>
    Object.entries(wanted).every(([field, value]) => each[field as keyof TimingResult] === value),
  )
}

function threadGoals(timings: readonly TimingResult[]): readonly Goal[] {
  const speedup = (what: string, least: number, wanted: Partial<TimingResult>): readonly Goal[] => {
    const [one, two] = [1, 2].map((threads) => find(timings, { ...wanted, threads }))
    return one && two ? [atLeast(what, least, one.milliseconds / two.milliseconds)] : []
  }
  return [
    ...speedup('two threads over one, GEMM 512³', 1.85, { name: 'matmul NN', shape: '512x512x512' }),
    ...speedup('two threads over one, GPT training step', 1.7, { name: 'gpt-step' }),
  ]
}

/** Of each size of model, with the kernels that were measured first. */
function int8Goals(timings: readonly TimingResult[]): readonly Goal[] {
  const shapes = new Set(timings.filter(({ suite }) => suite === 'gpt-decode').map(({ shape }) => shape))
  return [...shapes].flatMap((shape) => {
    const [float32, int8] = ['float32', 'int8'].map((weights) =>
      find(timings, { name: `gpt-decode ${weights}`, shape, threads: 1 }),
    )
    if (!float32 || !int8) return []
    const what = `decoding, int8 weights over float32, ${shape}`
    return [atLeast(what, 1.6, float32.milliseconds / int8.milliseconds)]
  })
}

const typescriptRatios = { softmax: 8, layerNorm: 7, gelu: 10, adamW: 3.5 } as const

/** Both are ratios: of this run, on this machine, and to the figures that were written down elsewhere. */
function typescriptGoals(timings: readonly TimingResult[]): readonly Goal[] {
  return Object.entries(typescriptRatios).flatMap(([name, least]) => {
    const [now, before] = (['relaxed', 'none'] as const).map((simd) => find(timings, { name, simd }))
    if (!now || !before) return []
    const frozen = typescriptFigures[name]! / now.nanosecondsPerElement!
    const note = ` in this run, ${frozen.toFixed(2)} against the frozen figure of another machine`
    const ratio = before.milliseconds / now.milliseconds
    return [atLeast(`${name} over the TypeScript kernel`, least, ratio, note)]
  })
}

function memoryGoal({ simd, threads, early, late }: MemoryResult): Goal {
  const describe = ({ liveBuffers, liveBytes, heapBytes }: MemoryResult['early']): string =>
    `${liveBuffers} buffers, ${liveBytes} bytes, heap ${heapBytes}`
  const [few, many] = [describe(early), describe(late)]
  return {
    what: `memory after ${late.steps} steps against after ${early.steps}, ${simd} build, threads: ${threads}`,
    goal: 'equal',
    measured: few === many ? `equal: ${few}` : `${few}; then ${many}`,
    reached: few === many,
  }
}
