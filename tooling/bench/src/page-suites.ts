import { type Suite, suites } from 'qkv/bench'

/** The suites that docs/benchmarks.md has a section for: `products` compares kernels that only GPU backends have. */
export const pageSuites: readonly Suite[] = suites.filter(({ name }) => name !== 'products')
