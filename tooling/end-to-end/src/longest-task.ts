import type { Page } from '@playwright/test'

/** How long the main thread of a page was busy without a break, in milliseconds. */
export interface LongestTask {
  /** Of the processor: what the page itself asks for, however busy the machine is with something else. */
  readonly processor: number
  /** By the clock. */
  readonly clock: number
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** Measures the longest task of the main thread while something is done on a page. */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<LongestTask> {
  const browser = page.context().browser()
  if (!browser) throw new Error('longestTask: the page belongs to no browser that could be traced.')
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] })
  await work()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[]
  }
  const main = traceEvents.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const tasks = traceEvents.filter(
    ({ name, tid, pid }) => name === 'RunTask' && tid === main?.tid && pid === main.pid,
  )
  // Pages that do something have tasks; a trace without any would call every page quick.
  if (tasks.length === 0) throw new Error('longestTask: the trace has no tasks of the main thread.')
  return {
    processor: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    clock: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000,
  }
}
