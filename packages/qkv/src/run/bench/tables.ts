import {
  type BenchResult,
  isMemory,
  isTiming,
  type LaunchResult,
  type MemoryResult,
  type TimingResult,
} from './results.ts'

/** Cells of a table, the first of them a heading; a result gives one row, or one for each moment. */
export interface BenchTable {
  readonly heading: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const timingHeading = ['name', 'shape', 'kernels', 'threads', 'ms', 'quartiles', 'rate', 'of the peak']
const memoryHeading = [
  'name',
  'shape',
  'kernels',
  'threads',
  'steps',
  'live buffers',
  'live bytes',
  'heap bytes',
]
const launchHeading = [
  'name',
  'shape',
  'kernels',
  'threads',
  'launches',
  'without fused kernels',
  'share',
  'read-backs',
]

/** Results of one suite as a table. */
export function tableOf(results: readonly BenchResult[]): BenchTable {
  const [first] = results
  return { heading: headingOf(first), rows: results.flatMap((result) => rowsOf(result)) }
}

export function rowsOf(result: BenchResult): readonly (readonly string[])[] {
  if (isTiming(result)) return [timingRow(result)]
  return isMemory(result) ? memoryRows(result) : [launchRow(result)]
}

function headingOf(result: BenchResult | undefined): readonly string[] {
  if (result === undefined || isTiming(result)) return timingHeading
  return isMemory(result) ? memoryHeading : launchHeading
}

function launchRow(result: LaunchResult): readonly string[] {
  const { name, shape, simd, threads, launches, unfusedLaunches, readBacks } = result
  const counts = [launches, unfusedLaunches].map((count) => count.toLocaleString('en-US'))
  const share = `${((100 * launches) / unfusedLaunches).toFixed(0)} %`
  return [name, shape, simd ?? '', String(threads), ...counts, share, String(readBacks)]
}

function timingRow(result: TimingResult): readonly string[] {
  const { name, shape, simd, threads, milliseconds, lowerQuartile, upperQuartile, fractionOfPeak } = result
  return [
    name,
    shape,
    simd ?? '',
    String(threads),
    formatTime(milliseconds),
    `${formatTime(lowerQuartile)} to ${formatTime(upperQuartile)}`,
    rateOf(result),
    fractionOfPeak === null ? '' : fractionOfPeak.toFixed(2),
  ]
}

/** Three digits or more. */
function formatTime(milliseconds: number): string {
  return milliseconds.toFixed(Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(milliseconds)))))
}

function rateOf(result: TimingResult): string {
  const { gflops, gigabytesPerSecond, nanosecondsPerElement, timesAsFast, tokensPerSecond } = result
  const rates = [
    tokensPerSecond === null ? [] : [`${Math.round(tokensPerSecond).toLocaleString('en-US')} tokens/s`],
    nanosecondsPerElement === null ? [] : [`${nanosecondsPerElement.toFixed(3)} ns/element`],
    gigabytesPerSecond === null ? [] : [`${gigabytesPerSecond.toFixed(2)} GB/s`],
    gflops === null ? [] : [`${gflops.toFixed(1)} GFLOP/s`],
    timesAsFast === null ? [] : [`${timesAsFast.toFixed(2)}x the plain kernel`],
  ]
  return rates.flat().join(', ')
}

function memoryRows({
  name,
  shape,
  simd,
  threads,
  early,
  late,
}: MemoryResult): readonly (readonly string[])[] {
  return [early, late].map(({ steps, liveBuffers, liveBytes, heapBytes }) => [
    name,
    shape,
    simd ?? '',
    String(threads),
    ...[steps, liveBuffers, liveBytes].map((count) => count.toLocaleString('en-US')),
    heapBytes === null ? '' : heapBytes.toLocaleString('en-US'),
  ])
}

/** A table in Markdown. */
export function markdownOf({ heading, rows }: BenchTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heading), line(heading.map(() => '---')), ...rows.map((row) => line(row))].join('\n')
}
