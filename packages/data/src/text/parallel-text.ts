import { DataError } from '../data-error.ts'
import type { Pair } from './pair.ts'

/** What a reader of parallel text gives: the pairs, and what it left out. */
export interface ParallelText {
  readonly pairs: Pair[]
  /** The numbers, from 1, of the lines that were left out because a side is empty; empty unless `emptySides` is `'skip'`. */
  readonly skippedLines: number[]
}

/** Settings that every reader of parallel text takes. */
export interface ParallelTextOptions {
  /** What to do with a line whose source or target is empty or white space: refuse (default), or leave it out and report it. */
  readonly emptySides?: 'error' | 'skip'
}

/** One line's two sides. */
export interface Sides {
  readonly source: string
  readonly target: string
  readonly line: number
}

/** Where lines come from, for errors. */
export interface LineOrigin {
  readonly operation: string
  /** The argument that holds the lines of each side. */
  readonly arguments: { readonly source: string; readonly target: string }
  /** The file of each side, where there is one. */
  readonly files: { readonly source?: string | undefined; readonly target?: string | undefined }
}

/** Applies the rule for empty sides, and refuses a corpus without pairs. */
export function collectPairs(
  lines: Iterable<Sides>,
  { emptySides = 'error' }: ParallelTextOptions,
  origin: LineOrigin,
): ParallelText {
  const pairs: Pair[] = []
  const skippedLines: number[] = []
  for (const { source, target, line } of lines) {
    const empty = source.trim() === '' ? 'source' : target.trim() === '' ? 'target' : undefined
    if (empty === undefined) pairs.push({ source, target })
    else if (emptySides === 'skip') skippedLines.push(line)
    else throw emptySideError(empty, line, origin)
  }
  if (pairs.length === 0) throw emptyCorpusError(skippedLines.length, origin)
  return { pairs, skippedLines }
}

/** ` of FILE`, or nothing for text that comes from no file. */
export function ofFile(file: string | undefined): string {
  return file === undefined ? '' : ` of ${file}`
}

function emptySideError(side: 'source' | 'target', line: number, origin: LineOrigin): DataError {
  const file = origin.files[side]
  return new DataError({
    operation: origin.operation,
    argument: origin.arguments[side],
    got: `has an empty ${side} in line ${line}${ofFile(file)}`,
    expected: 'text on both sides of every pair',
    fix: `fill or delete the line, or pass emptySides: 'skip' to leave such lines out`,
    file,
    line,
  })
}

function emptyCorpusError(skipped: number, origin: LineOrigin): DataError {
  const file = origin.files.source
  return new DataError({
    operation: origin.operation,
    argument: origin.arguments.source,
    got: `holds no pair${file === undefined ? '' : ` (${file})`}${skipped > 0 ? `: all ${skipped} lines have an empty side` : ''}`,
    expected: 'at least one pair',
    fix: 'check that this is the right file and that it is not empty',
    file,
  })
}
