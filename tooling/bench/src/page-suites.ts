import { type Suite, suites } from 'qkv/bench'

/** Suites that say nothing about the CPU backend. */
const gpuSuites = new Set(['products', 'launches'])

/** The suites that docs/benchmarks.md has a section for. */
export const pageSuites: readonly Suite[] = suites.filter(({ name }) => !gpuSuites.has(name))
