/** The parts of an error sentence: what was asked, what came, what was expected, and how to mend it. */
export interface TokenizerErrorParts {
  readonly operation: string
  readonly argument: string
  readonly got: string
  readonly expected: string
  readonly fix: string
}

/** Every error that this package throws: one sentence, with its four parts as fields. */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError'
  readonly operation: string
  readonly argument: string
  readonly got: string
  readonly expected: string
  readonly fix: string

  constructor({ operation, argument, got, expected, fix }: TokenizerErrorParts) {
    super(`${operation}: ${argument} is ${got}, expected ${expected}. ${fix}`)
    this.operation = operation
    this.argument = argument
    this.got = got
    this.expected = expected
    this.fix = fix
  }
}

/** A short description of any value for the `got` part: strings quoted and cut, containers by kind. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (value === null || typeof value !== 'object')
    return typeof value === 'function' ? 'a function' : String(value)
  if (Array.isArray(value)) return `an array of ${value.length} items`
  return ArrayBuffer.isView(value) ? `a ${value.constructor.name}` : 'an object'
}

/** The text in quotes, cut after 60 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
