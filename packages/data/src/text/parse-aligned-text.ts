import { DataError } from '../data-error.ts'
import { collectPairs } from './parallel-text.ts'
import type { LineOrigin, ParallelText, ParallelTextOptions } from './parallel-text.ts'
import { splitLines } from './split-lines.ts'

/** Settings of {@link parseAlignedText}. */
export interface AlignedTextOptions extends ParallelTextOptions {
  /** The files that the texts come from, named in errors. */
  readonly sourceFile?: string | undefined
  readonly targetFile?: string | undefined
}

/**
 * Pairs line n of one text with line n of another, the form in which WMT and Moses corpora come.
 *
 * The text is taken as it is: no trimming, no Unicode normalization.
 * Throws a DataError when the texts have different numbers of lines, for an empty side (unless `emptySides` is
 * `'skip'`) and for texts without any pair.
 *
 * @example
 * const { pairs } = parseAlignedText('你好。\n谢谢。\n', 'Hello.\nThank you.\n')
 */
export function parseAlignedText(
  sourceText: string,
  targetText: string,
  options: AlignedTextOptions = {},
): ParallelText {
  return collectAligned(sourceText, targetText, options, {
    operation: 'parseAlignedText',
    arguments: { source: 'sourceText', target: 'targetText' },
    files: { source: options.sourceFile, target: options.targetFile },
  })
}

/** {@link parseAlignedText} on behalf of another function, which then stands in the errors. */
export function collectAligned(
  sourceText: string,
  targetText: string,
  options: ParallelTextOptions,
  origin: LineOrigin,
): ParallelText {
  const sources = splitLines(sourceText)
  const targets = splitLines(targetText)
  if (sources.length !== targets.length) throw lineCountError(sources.length, targets.length, origin)
  const lines = sources.map((source, index) => ({ source, target: targets[index] ?? '', line: index + 1 }))
  return collectPairs(lines, options, origin)
}

function lineCountError(sourceLines: number, targetLines: number, origin: LineOrigin): DataError {
  const { source, target } = origin.files
  return new DataError({
    operation: origin.operation,
    argument: origin.arguments.target,
    got: `has ${targetLines} lines${target === undefined ? '' : ` (${target})`}`,
    expected: `${sourceLines} as in '${origin.arguments.source}'${source === undefined ? '' : ` (${source})`}`,
    fix: 'give two files in which line n of one translates line n of the other',
    file: target,
  })
}
