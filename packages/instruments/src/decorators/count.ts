import type { Backend } from '@qkv/tensor'
import { formatCount, formatTable } from '../format-table.ts'
import { floatingPointOperations } from './floating-point-operations.ts'

/** How often one operation ran. */
export interface CountRow {
  /** Name of the op, e.g. `qkv/matmul`. */
  readonly op: string
  readonly calls: number
  /** Inputs whose buffer the backend was free to overwrite. */
  readonly donations: number
  /** Those that it did overwrite and hand back as an output. */
  readonly handedBack: number
  /** Multiplications and additions in matrix products and attention. */
  readonly floatingPointOperations: number
}

export interface CountReport {
  /** The most frequent first. */
  readonly rows: readonly CountRow[]
  readonly uploads: number
  readonly downloads: number
  readonly floatingPointOperations: number
  /** A text table. */
  toString(): string
}

export interface Count {
  /** What was counted since the last reset. */
  report(): CountReport
  reset(): void
}

/** A backend whose calls are counted. */
export interface CountedBackend extends Backend {
  readonly count: Count
}

type MutableRow = { -readonly [Key in keyof CountRow]: CountRow[Key] }

/**
 * Wraps a backend and counts calls, donations and floating-point operations of each op that reaches it.
 *
 * @example
 * const backend = count(createReferenceBackend())
 * const device = new Device(backend)
 * // ... run the model
 * const perOp = backend.count.report().rows
 */
export function count<Inner extends Backend>(inner: Inner): Inner & CountedBackend {
  const rows = new Map<string, MutableRow>()
  let uploads = 0
  let downloads = 0

  const { downloadSync } = inner
  return {
    ...inner,
    run(call) {
      const handles = inner.run(call)
      const op = call.op.name
      let row = rows.get(op)
      if (!row) {
        row = { op, calls: 0, donations: 0, handedBack: 0, floatingPointOperations: 0 }
        rows.set(op, row)
      }
      row.calls += 1
      for (const { donated, handle } of call.inputs) {
        if (!donated) continue
        row.donations += 1
        if (handles.includes(handle)) row.handedBack += 1
      }
      row.floatingPointOperations += floatingPointOperations(call)
      return handles
    },
    upload(data, spec) {
      uploads += 1
      return inner.upload(data, spec)
    },
    download(handle, spec) {
      downloads += 1
      return inner.download(handle, spec)
    },
    ...(downloadSync && {
      downloadSync(handle, spec) {
        downloads += 1
        return downloadSync(handle, spec)
      },
    }),
    count: {
      report: () => reportOf([...rows.values()], uploads, downloads),
      reset() {
        rows.clear()
        uploads = 0
        downloads = 0
      },
    },
  }
}

function reportOf(counted: readonly CountRow[], uploads: number, downloads: number): CountReport {
  const rows = counted
    .map((row) => Object.freeze({ ...row }))
    .toSorted((a, b) => b.calls - a.calls || a.op.localeCompare(b.op))
  const total = rows.reduce((sum, row) => sum + row.floatingPointOperations, 0)
  return {
    rows,
    uploads,
    downloads,
    floatingPointOperations: total,
    toString: () =>
      formatTable([
        ['operation', 'calls', 'donations', 'handed back', 'operations'],
        ...rows.map((row) => [
          row.op,
          formatCount(row.calls),
          formatCount(row.donations),
          formatCount(row.handedBack),
          formatCount(row.floatingPointOperations),
        ]),
        ['upload', formatCount(uploads)],
        ['download', formatCount(downloads)],
      ]),
  }
}
