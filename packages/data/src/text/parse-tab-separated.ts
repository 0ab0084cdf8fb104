import { checkWholeNumber } from '../check-settings.ts'
import { DataError, quoteBeginning } from '../data-error.ts'
import { collectPairs, ofFile } from './parallel-text.ts'
import type { LineOrigin, ParallelText, ParallelTextOptions, Sides } from './parallel-text.ts'
import { splitLines } from './split-lines.ts'

/** Settings of {@link parseTabSeparated}. */
export interface TabSeparatedOptions extends ParallelTextOptions {
  /** The column of the source sentence, counted from 0; default 0. */
  readonly sourceColumn?: number
  /** The column of the target sentence, counted from 0; default 1. */
  readonly targetColumn?: number
  /** The file that the text comes from, named in errors. */
  readonly file?: string | undefined
}

/**
 * Reads pairs from tab-separated text, one pair per line, with LF or CRLF line ends; further columns are ignored.
 *
 * The text is taken as it is: no trimming, no quoting rules, no Unicode normalization.
 * Throws a DataError for a line without a tab or with too few columns, for an empty side (unless `emptySides` is
 * `'skip'`) and for a text without any pair.
 *
 * @example
 * const { pairs } = parseTabSeparated('Hello.\t你好。\n', { sourceColumn: 1, targetColumn: 0 })
 * // [{ source: '你好。', target: 'Hello.' }]
 */
export function parseTabSeparated(text: string, options: TabSeparatedOptions = {}): ParallelText {
  const origin: LineOrigin = {
    operation: 'parseTabSeparated',
    arguments: { source: 'text', target: 'text' },
    files: { source: options.file, target: options.file },
  }
  return collectTabSeparated(text, options, origin)
}

/** {@link parseTabSeparated} on behalf of another function, which then stands in the errors. */
export function collectTabSeparated(
  text: string,
  options: TabSeparatedOptions,
  origin: LineOrigin,
): ParallelText {
  const { sourceColumn = 0, targetColumn = 1 } = options
  checkWholeNumber(origin.operation, 'sourceColumn', sourceColumn, { minimum: 0 })
  checkWholeNumber(origin.operation, 'targetColumn', targetColumn, { minimum: 0 })
  if (sourceColumn === targetColumn) throw sameColumnError(sourceColumn, origin)
  const needed = Math.max(sourceColumn, targetColumn) + 1
  function* sides(): Generator<Sides> {
    for (const [index, line] of splitLines(text).entries()) {
      const columns = line.split('\t')
      // A blank line is a pair with two empty sides: the rule for those decides about it.
      if (columns.length < needed && line.trim() !== '') {
        throw tooFewColumnsError(line, index + 1, columns.length, needed, origin)
      }
      yield { source: columns[sourceColumn] ?? '', target: columns[targetColumn] ?? '', line: index + 1 }
    }
  }
  return collectPairs(sides(), options, origin)
}

function tooFewColumnsError(
  text: string,
  line: number,
  columns: number,
  needed: number,
  origin: LineOrigin,
): DataError {
  const file = origin.files.source
  return new DataError({
    operation: origin.operation,
    argument: origin.arguments.source,
    got: `has ${columns === 1 ? 'no tab' : `only ${columns} columns`} in line ${line}${ofFile(file)} (${quoteBeginning(text)})`,
    expected:
      needed === 2
        ? 'two sentences with a tab between them'
        : `at least ${needed} columns with tabs between them`,
    fix: 'put a tab between the sentences (spaces do not count), or choose other columns with sourceColumn and targetColumn',
    file,
    line,
  })
}

function sameColumnError(column: number, origin: LineOrigin): DataError {
  return new DataError({
    operation: origin.operation,
    argument: 'targetColumn',
    got: `is ${column}, as is 'sourceColumn'`,
    expected: 'two different columns',
    fix: 'give the columns of the two languages, counted from 0',
  })
}
