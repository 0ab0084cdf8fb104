/** The parts of a {@link DataError}: what was called, with what, and how to mend it. */
export interface DataErrorParts {
  /** The function that refused, such as `parseTabSeparated`. */
  readonly operation: string
  /** The argument of that function that is wrong. */
  readonly argument: string
  /** What was found, worded to follow the argument's name: `has no tab in line 3 of pairs.tsv`. */
  readonly got: string
  /** What would be right, worded to follow "expected". */
  readonly expected: string
  /** What to do about it, as a clause. */
  readonly fix: string
  /** The file, where one is at fault. */
  readonly file?: string | undefined
  /** The line in that file or text, counted from 1. */
  readonly line?: number | undefined
  /** The byte in that file, counted from 0. */
  readonly byteOffset?: number | undefined
  readonly cause?: unknown
}

/**
 * Data or a setting that cannot be used; one sentence that says where and how to mend it, with the same as fields.
 *
 * @example
 * try {
 *   parseTabSeparated('hello')
 * } catch (error) {
 *   if (error instanceof DataError) console.log(error.line, error.fix)
 * }
 */
export class DataError extends Error {
  override readonly name = 'DataError'
  readonly operation: string
  readonly argument: string
  readonly got: string
  readonly expected: string
  readonly fix: string
  readonly file: string | undefined
  readonly line: number | undefined
  readonly byteOffset: number | undefined

  constructor(parts: DataErrorParts) {
    const { operation, argument, got, expected, fix } = parts
    super(`${operation}: '${argument}' ${got}, expected ${expected}; ${fix}.`, { cause: parts.cause })
    this.operation = operation
    this.argument = argument
    this.got = got
    this.expected = expected
    this.fix = fix
    this.file = parts.file
    this.line = parts.line
    this.byteOffset = parts.byteOffset
  }
}

/** The beginning of a text, quoted, for an error: long lines and control characters stay out of the terminal. */
export function quoteBeginning(text: string, characters = 40): string {
  const beginning = Array.from(text.slice(0, 2 * characters))
    .slice(0, characters)
    .join('')
  return JSON.stringify(beginning.length < text.length ? `${beginning}…` : text)
}
