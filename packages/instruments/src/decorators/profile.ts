import type { Backend, TensorSpec } from '@qkv/tensor'
import { byteLengthOf } from '../byte-length.ts'
import { formatCount, formatTable } from '../format-table.ts'
import { platformClock } from './platform-clock.ts'

/** What one operation cost; transfers are the rows `upload` and `download`. */
export interface ProfileRow {
  /** Name of the op, e.g. `qkv/matmul`. */
  readonly op: string
  readonly calls: number
  readonly milliseconds: number
  /** Size of the inputs, as far as the call reads them. */
  readonly bytesRead: number
  readonly bytesWritten: number
}

export interface ProfileReport {
  /** The slowest first. */
  readonly rows: readonly ProfileRow[]
  readonly totalMilliseconds: number
  /** A text table. */
  toString(): string
}

export interface Profile {
  /** What was measured since the last reset. */
  report(): ProfileReport
  reset(): void
}

/** A backend that is measured. */
export interface ProfiledBackend extends Backend {
  readonly profile: Profile
}

export interface ProfileOptions {
  /** Milliseconds since some moment; `performance.now` unless said. */
  readonly clock?: () => number
}

type MutableRow = { -readonly [Key in keyof ProfileRow]: ProfileRow[Key] }

/**
 * Wraps a backend and measures time, bytes and calls of each op that reaches it.
 *
 * The time is that of the call: on a backend that only enqueues, such as WebGPU, it is the time to enqueue.
 *
 * @example
 * const backend = profile(await createCpuBackend())
 * const device = new Device(backend)
 * // ... run the model
 * const text = backend.profile.report().toString()
 */
export function profile<Inner extends Backend>(
  inner: Inner,
  options: ProfileOptions = {},
): Inner & ProfiledBackend {
  const { clock = platformClock } = options
  const rows = new Map<string, MutableRow>()

  function add(op: string, since: number, reads: readonly TensorSpec[], writes: readonly TensorSpec[]): void {
    let row = rows.get(op)
    if (!row) {
      row = { op, calls: 0, milliseconds: 0, bytesRead: 0, bytesWritten: 0 }
      rows.set(op, row)
    }
    row.calls += 1
    row.milliseconds += clock() - since
    for (const spec of reads) row.bytesRead += byteLengthOf(spec)
    for (const spec of writes) row.bytesWritten += byteLengthOf(spec)
  }

  const { downloadSync } = inner
  return {
    ...inner,
    run(call) {
      const since = clock()
      const handles = inner.run(call)
      add(
        call.op.name,
        since,
        call.inputs.map(({ spec }) => spec),
        call.outputs,
      )
      return handles
    },
    upload(data, spec) {
      const since = clock()
      const handle = inner.upload(data, spec)
      add('upload', since, [], [spec])
      return handle
    },
    async download(handle, spec) {
      const since = clock()
      const data = await inner.download(handle, spec)
      add('download', since, [spec], [])
      return data
    },
    ...(downloadSync && {
      downloadSync(handle, spec) {
        const since = clock()
        const data = downloadSync(handle, spec)
        add('download', since, [spec], [])
        return data
      },
    }),
    profile: { report: () => reportOf([...rows.values()]), reset: () => rows.clear() },
  }
}

function reportOf(measured: readonly ProfileRow[]): ProfileReport {
  const rows = measured
    .map((row) => Object.freeze({ ...row }))
    .toSorted((a, b) => b.milliseconds - a.milliseconds || a.op.localeCompare(b.op))
  const totalMilliseconds = rows.reduce((total, { milliseconds }) => total + milliseconds, 0)
  return { rows, totalMilliseconds, toString: () => tableOf(rows, totalMilliseconds) }
}

function tableOf(rows: readonly ProfileRow[], total: number): string {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0)
  return formatTable([
    ['operation', 'calls', 'ms', 'share', 'bytes read', 'bytes written'],
    ...rows.map(({ op, calls, milliseconds, bytesRead, bytesWritten }) => [
      op,
      formatCount(calls),
      milliseconds.toFixed(2),
      total > 0 ? `${((100 * milliseconds) / total).toFixed(1)} %` : '-',
      formatCount(bytesRead),
      formatCount(bytesWritten),
    ]),
    ['total', formatCount(calls), total.toFixed(2)],
  ])
}
