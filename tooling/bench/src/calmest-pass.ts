import { type BenchResult, isTiming } from 'qkv/bench'

/**
 * Of several passes over the same workloads, for each workload the one in which it took the least, all its variants together: other work on the
 * machine comes and goes, and only ever slows. Variants that took turns stay together, so that their ratios hold.
 */
export function calmestPass(passes: readonly (readonly BenchResult[])[]): readonly BenchResult[] {
  const calmest = new Map<string, readonly BenchResult[]>()
  for (const pass of passes) {
    for (const [workload, results] of byWorkload(pass)) {
      const before = calmest.get(workload)
      if (!before || total(results) < total(before)) calmest.set(workload, results)
    }
  }
  return [...calmest.values()].flat()
}

function byWorkload(results: readonly BenchResult[]): ReadonlyMap<string, readonly BenchResult[]> {
  const groups = new Map<string, BenchResult[]>()
  for (const result of results) {
    const workload = `${result.suite} ${result.name} ${result.shape}`
    const group = groups.get(workload)
    if (group) group.push(result)
    else groups.set(workload, [result])
  }
  return groups
}

function total(results: readonly BenchResult[]): number {
  return results.filter(isTiming).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
}
