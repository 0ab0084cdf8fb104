// What of the benchmarks runs in pages as well as in Node.
export type { BenchDevice } from './open-devices.ts'
export {
  type BenchResult,
  type GrowthResult,
  isGrowth,
  isMemory,
  isTiming,
  type LaunchResult,
  type MemoryResult,
  type TimingResult,
} from './results.ts'
export { softwareNote } from './software-note.ts'
export { suites } from './suites/index.ts'
export type { Suite } from './suites/suite.ts'
export { type BenchTable, markdownOf, tableOf } from './tables.ts'
