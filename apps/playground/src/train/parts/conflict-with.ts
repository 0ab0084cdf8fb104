import type { ConflictReason, PartEntry } from './part-entry.ts'

/** What stands against choosing a part. */
export interface Conflict {
  /** The chosen parts that it cannot go with. */
  readonly others: readonly [string, ...string[]]
  /** Why it cannot go with the first of them. */
  readonly reason: ConflictReason
}

/** What stands against a part beside the chosen ones, of which it may be one; `undefined` where nothing does. */
export function conflictWith(
  { name, conflicts }: PartEntry,
  chosen: readonly string[],
): Conflict | undefined {
  const [first, ...more] = chosen.filter((other) => other !== name && Object.hasOwn(conflicts, other))
  return first === undefined ? undefined : { others: [first, ...more], reason: conflicts[first]! }
}

/** The chosen parts with a part in the place of those that it cannot go with. */
export function exchange(name: string, { others }: Conflict, chosen: readonly string[]): readonly string[] {
  return chosen.flatMap((each) => (each === others[0] ? [name] : others.includes(each) ? [] : [each]))
}
