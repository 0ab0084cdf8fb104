import type { Device } from '@qkv/tensor'
import { suggestion } from '@qkv/tensor'
import { UsageError } from '../../errors/usage-error.ts'
import { type BenchDeviceOptions, closeDevices, openDevices } from './open-devices.ts'
import type { BenchResult } from './results.ts'
import { softwareNote } from './software-note.ts'
import { suites as allSuites } from './suites/index.ts'

export interface BenchOptions extends BenchDeviceOptions {
  /** Names of suites; all of them unless said. */
  readonly suites?: readonly string[] | undefined
  /** How long to measure each workload on each device; 0.5 unless said. */
  readonly seconds?: number | undefined
  /** Hears of results as soon as they are there: those of one workload, one for each count of threads. */
  readonly onResults?: ((results: readonly BenchResult[]) => void) | undefined
  /** Hears, before any result, of the first device: which backend was taken. */
  readonly onDevice?: ((device: Device) => void) | undefined
  /** Hears, before any result, what has to be known to read the figures. */
  readonly onNote?: ((note: string) => void) | undefined
}

/**
 * Measures backends: what `qkv bench` prints. Each suite gets devices of its own, one for each count of threads, which take turns. Throws
 * a `UsageError` for an unknown suite, and for threads or kernels that cannot be had.
 *
 * @example
 * const results = await runBench({ suites: ['gemm'], threads: [1], seconds: 0.2 })
 */
export async function runBench(options: BenchOptions = {}): Promise<readonly BenchResult[]> {
  const { seconds = 0.5, onResults, onNote, onDevice } = options
  const notes = new Set<string>()
  const results: BenchResult[] = []
  for (const [index, suite] of suitesOf(options.suites).entries()) {
    const devices = await openDevices(options)
    try {
      if (index === 0) onDevice?.(devices[0]!.device)
      for (const { device } of devices) {
        const note = softwareNote(device)
        if (note === undefined || notes.has(note)) continue
        notes.add(note)
        onNote?.(note)
      }
      await suite.run(devices, seconds, (some) => {
        results.push(...some)
        onResults?.(some)
      })
    } finally {
      await closeDevices(devices)
    }
  }
  return results
}

function suitesOf(names: readonly string[] | undefined): typeof allSuites {
  if (!names || names.length === 0) return allSuites
  return names.map((name) => allSuites.find((suite) => suite.name === name) ?? refuseSuite(name))
}

function refuseSuite(name: string): never {
  const known = allSuites.map((suite) => suite.name)
  throw new UsageError({
    operation: 'qkv bench',
    argument: name,
    got: 'is no benchmark',
    expected: `one of ${known.join(', ')}`,
    fix: `${suggestion(name, known)}Leave it out to run all of them.`,
  })
}
