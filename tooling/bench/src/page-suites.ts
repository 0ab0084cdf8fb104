import { type Suite, suites } from 'qkv/bench'

/** Suites that say nothing about the CPU backend, and those that docs/reference/parts.md has a table for. */
const elsewhere = new Set(['products', 'launches', 'parts', 'lengths'])

/** The suites that docs/benchmarks.md has a section for. */
export const pageSuites: readonly Suite[] = suites.filter(({ name }) => !elsewhere.has(name))
