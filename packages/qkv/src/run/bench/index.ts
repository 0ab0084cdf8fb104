export type { BenchDeviceOptions } from './open-devices.ts'
export { quantile } from './quantile.ts'
export {
  type BenchResult,
  type GrowthResult,
  isGrowth,
  isMemory,
  isTiming,
  type LaunchResult,
  type MemoryResult,
  type MemorySnapshot,
  type TimingResult,
} from './results.ts'
export { type BenchOptions, runBench } from './run-bench.ts'
export { type BenchTable, markdownOf, tableOf } from './tables.ts'
export { suites } from './suites/index.ts'
export type { Suite } from './suites/suite.ts'
export { createGptStep, type GptSizes, gptSizes } from './suites/gpt-model.ts'
