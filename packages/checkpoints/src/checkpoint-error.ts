/** What a {@link CheckpointError} says, part by part. */
export interface CheckpointErrorParts {
  /** The operation, e.g. `decodeSafetensors`. */
  readonly operation: string
  /** The file or folder at fault, or what the bytes are called when they come from memory. */
  readonly source: string
  /** The array at fault, if it is about one. */
  readonly tensor?: string
  /** The field or part at fault, e.g. `shape` or `header length`. */
  readonly field?: string
  /** What was found, as a verb phrase: `has shape [2, -1]`. */
  readonly got: string
  readonly expected: string
  /** What to do about it, as a sentence. */
  readonly fix: string
  /** The error of the system below, if there was one. */
  readonly cause?: unknown
}

const LONGEST_NAME = 80

/** A name from a file, in quotes and on one line, whatever it holds. */
export function quote(name: string): string {
  const text = JSON.stringify(name.slice(0, LONGEST_NAME))
  return name.length > LONGEST_NAME ? `${text.slice(0, -1)}..."` : text
}

/**
 * Bytes, a file or a folder that cannot be read or written, as one sentence: operation, place, what was got, what was
 * expected, and the fix. The same parts are fields.
 *
 * @example
 * try {
 *   decodeSafetensors(new Uint8Array(3), { source: 'model.safetensors' })
 * } catch (error) {
 *   if (error instanceof CheckpointError) error.fix // 'The file is cut short: ...'
 * }
 */
export class CheckpointError extends Error {
  override readonly name: string = 'CheckpointError'
  readonly operation: string
  readonly source: string
  readonly tensor: string | undefined
  readonly field: string | undefined
  /** The whole place in words: array, field and file. */
  readonly argument: string
  readonly got: string
  readonly expected: string
  readonly fix: string

  constructor(parts: CheckpointErrorParts) {
    const inner = [
      ...(parts.tensor === undefined ? [] : [`tensor ${quote(parts.tensor)}`]),
      ...(parts.field === undefined ? [] : [parts.field]),
    ].join(', ')
    const argument = inner === '' ? parts.source : `${inner} of ${parts.source}`
    super(
      `${parts.operation}: ${argument} ${parts.got}, expected ${parts.expected}. ${parts.fix}`,
      'cause' in parts ? { cause: parts.cause } : {},
    )
    this.operation = parts.operation
    this.source = parts.source
    this.tensor = parts.tensor
    this.field = parts.field
    this.argument = argument
    this.got = parts.got
    this.expected = parts.expected
    this.fix = parts.fix
  }
}
