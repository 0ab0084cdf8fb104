import { type BenchResult, isTiming, type MemoryResult, type TimingResult } from './results.ts'

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

/** Results of one suite as a table. */
export function tableOf(results: readonly BenchResult[]): BenchTable {
  const [first] = results
  const heading = first === undefined || isTiming(first) ? timingHeading : memoryHeading
  return { heading, rows: results.flatMap((result) => rowsOf(result)) }
}

export function rowsOf(result: BenchResult): readonly (readonly string[])[] {
  return isTiming(result) ? [timingRow(result)] : memoryRows(result)
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
