/** The parts of an error sentence, which every error also carries as fields. */
export interface ErrorParts {
  /** The operation, e.g. `matmul`. */
  readonly operation: string
  /** The argument at fault, e.g. `b`. */
  readonly argument: string
  readonly got: string
  readonly expected: string
  /** What to do about it, as a sentence or a question. */
  readonly fix: string
}

/** Base of all errors of qkv: one sentence with operation, argument, what it got, what it expected, and the fix. */
export class QkvError extends Error {
  readonly operation: string
  readonly argument: string
  readonly got: string
  readonly expected: string
  readonly fix: string

  constructor(parts: ErrorParts) {
    super(`${parts.operation}: '${parts.argument}' ${parts.got}, expected ${parts.expected}. ${parts.fix}`)
    this.name = new.target.name
    this.operation = parts.operation
    this.argument = parts.argument
    this.got = parts.got
    this.expected = parts.expected
    this.fix = parts.fix
  }
}
