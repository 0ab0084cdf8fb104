import { type ErrorParts, QkvError } from '@qkv/tensor'

/** Parts that cannot work together, or lack something that they need. */
export class CompositionError extends QkvError {
  /** Why one part cannot go with another, alone as it stands in the sentence; `undefined` where that is all said by what it got. */
  readonly reason: string | undefined

  constructor(parts: ErrorParts & { readonly reason?: string }) {
    super(parts)
    this.reason = parts.reason
  }
}

/** The error of `compose` for a part beside another one. */
export function conflictOf(
  { name }: { readonly name: string },
  other: { readonly name: string },
  about: { readonly reason: string; readonly expected: string; readonly fix?: string },
): CompositionError {
  const { reason, expected, fix = 'Remove one of the two.' } = about
  const got = `is composed with '${other.name}', but ${reason}`
  return new CompositionError({ operation: 'compose', argument: name, got, expected, fix, reason })
}
