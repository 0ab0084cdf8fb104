import {
  type BenchResult,
  type GrowthResult,
  isGrowth,
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

const growthHeading = ['name', 'positions', 'kernels', 'threads', 'median ms', 'peak MB']

/** Results of one suite as a table. */
export function tableOf(results: readonly BenchResult[]): BenchTable {
  const [first] = results
  return { heading: headingOf(first), rows: results.flatMap((result) => rowsOf(result)) }
}

export function rowsOf(result: BenchResult): readonly (readonly string[])[] {
  if (isTiming(result)) return [timingRow(result)]
  if (isGrowth(result)) return growthRows(result)
  return isMemory(result) ? memoryRows(result) : [launchRow(result)]
}

function headingOf(result: BenchResult | undefined): readonly string[] {
  if (result === undefined || isTiming(result)) return timingHeading
  if (isGrowth(result)) return growthHeading
  return isMemory(result) ? memoryHeading : launchHeading
}

function launchRow(result: LaunchResult): readonly string[] {
  const { name, shape, simd, threads, launches, unfusedLaunches, readBacks } = result
  const counts = [launches, unfusedLaunches].map((count) => count.toLocaleString('en-US'))
  const share = `${((100 * launches) / unfusedLaunches).toFixed(0)} %`
  return [name, shape, simd ?? '', String(threads), ...counts, share, String(readBacks)]
}

/** A row for each length, and one for the powers. */
function growthRows(result: GrowthResult): readonly (readonly string[])[] {
  const { name, simd, threads, points, timeExponent, memoryExponent } = result
  const row = (positions: string, time: string, memory: string): string[] => [
    name,
    positions,
    simd ?? '',
    String(threads),
    time,
    memory,
  ]
  return [
    ...points.map(({ length, milliseconds, peakBytes }) =>
      row(length.toLocaleString('en-US'), milliseconds.toPrecision(3), (peakBytes / 1e6).toPrecision(3)),
    ),
    row('power', `n^${timeExponent.toFixed(2)}`, `n^${memoryExponent.toFixed(2)}`),
  ]
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
