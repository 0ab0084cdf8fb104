import { type ErrorParts, QkvError } from '@qkv/tensor'

export interface StateErrorParts extends ErrorParts {
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
  readonly unfit: readonly string[]
}

/** Saved values do not match a module; the fields list every one of them, the sentence the first few. */
export class StateError extends QkvError {
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
  /** Sentences: a path, what was given, what was expected. */
  readonly unfit: readonly string[]

  constructor(parts: StateErrorParts) {
    super(parts)
    this.missing = parts.missing
    this.unexpected = parts.unexpected
    this.unfit = parts.unfit
  }
}
