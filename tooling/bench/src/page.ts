import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { type BenchTable, isTiming, markdownOf, quantile, tableOf } from 'qkv/bench'
import type { Goal } from './goal.ts'
import type { Measurements } from './goals.ts'
import type { KernelSum } from './kernel-sum.ts'
import { pageSuites } from './page-suites.ts'

const page = new URL('../../../docs/benchmarks.md', import.meta.url)

export function goalsTable(goals: readonly Goal[]): BenchTable {
  return {
    heading: ['what', 'goal', 'measured', ''],
    rows: goals.map(({ what, goal, measured, reached }) => [
      what,
      goal,
      measured,
      reached ? 'reached' : 'missed',
    ]),
  }
}

/** Puts the figures into docs/benchmarks.md, between the comments that name them. */
export async function writePage(goals: readonly Goal[], measurements: Measurements): Promise<void> {
  let text = await readFile(page, 'utf8')
  for (const [name, section] of sectionsOf(goals, measurements)) text = replaceSection(text, name, section)
  await writeFile(page, text)
}

function sectionsOf(
  goals: readonly Goal[],
  measurements: Measurements,
): readonly (readonly [string, string])[] {
  const { results, kernelSum } = measurements
  return [
    ['machine', describeMachine(measurements)],
    ['goals', markdownOf(goalsTable(goals))],
    ...pageSuites.map(({ name }) => {
      const own = results.filter(({ suite }) => suite === name)
      return [name, markdownOf(tableOf(own))] as const
    }),
    ['kernels', markdownOf(kernelsTable(kernelSum))],
  ]
}

/** Replaces what stands between `<!-- figures: name -->` and `<!-- end -->`; throws when the page has no such place. */
export function replaceSection(text: string, name: string, section: string): string {
  const begin = `<!-- figures: ${name} -->\n`
  const start = text.indexOf(begin)
  const end = text.indexOf('<!-- end -->', start)
  if (start < 0 || end < 0)
    throw new Error(
      `docs/benchmarks.md: '${begin.trim()}' is missing, or no '<!-- end -->' follows. Put both back.`,
    )
  return `${text.slice(0, start + begin.length)}\n${section}\n\n${text.slice(end)}`
}

function describeMachine({ results }: Measurements): string {
  const peaks = ['relaxed', 'plain'].map((build) => {
    const some = results
      .filter(isTiming)
      .filter(({ simd, peakGflops }) => simd === build && peakGflops !== null)
    return `${quantile(
      some.map(({ peakGflops }) => peakGflops!),
      0.5,
    ).toFixed(1)} GFLOP/s with the ${build} build`
  })
  const date = new Date().toISOString().slice(0, 10)
  return `${date}, Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores. Peak of one thread: ${peaks.join(', ')}.`
}

function kernelsTable({ kernels, stepMilliseconds }: KernelSum): BenchTable {
  return {
    heading: ['kernel', 'inputs', 'calls', 'ms each', 'ms per step', 'share of the step'],
    rows: kernels.slice(0, 16).map(({ op, shapes, callsPerStep, milliseconds }) => {
      const perStep = callsPerStep * milliseconds
      const share = `${((100 * perStep) / stepMilliseconds).toFixed(1)} %`
      return [op, shapes, String(callsPerStep), milliseconds.toFixed(3), perStep.toFixed(2), share]
    }),
  }
}
