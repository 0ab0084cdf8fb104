import { rejectConflicts } from './conflicts.ts'
import type { AttentionPart, SlotStage, Stage } from './part.ts'
import { reasonNotToFuse } from './reason-not-to-fuse.ts'

/** A part as a config holds it. */
export type PartConfig = string | { readonly part: string; readonly options: object }

/** Parts that were checked to work together, in order. */
export interface Composition {
  /** The parts' names, joined. */
  readonly name: string
  readonly parts: readonly AttentionPart[]
  /** The part that owns a slot, if any does. */
  owner(slot: SlotStage): AttentionPart | undefined
  /** The parts that take part in a stage, in order. */
  having<S extends Stage>(stage: S): readonly (AttentionPart & Required<Pick<AttentionPart, S>>)[]
  /** Whether a part keeps all later positions from every query. */
  readonly causal: boolean
  /** Why the composition cannot run as the one fused operation; `undefined` when it can. */
  readonly unfusable: string | undefined
  /** Why nothing can be kept from position to position; `undefined` where it can. */
  readonly uncacheable: string | undefined
  /** The parts as plain data, from which `resolveParts` makes them again. */
  describe(): readonly PartConfig[]
}

/**
 * Puts parts together. Throws a `CompositionError` when a part appears twice, or two of them cannot go together: both own a slot or
 * claim the same, one excludes the other, or one counts on what the other does away with, such as a score matrix, keys in the cache,
 * positions of queries, or a size.
 *
 * @example
 * const composition = compose([scaledDot(), causal(), padding()])
 */
export function compose(parts: readonly AttentionPart[]): Composition {
  rejectConflicts(parts)
  const having = <S extends Stage>(stage: S): readonly (AttentionPart & Required<Pick<AttentionPart, S>>)[] =>
    parts.filter(
      (part): part is AttentionPart & Required<Pick<AttentionPart, S>> => part[stage] !== undefined,
    )
  return {
    name: parts.map(({ name }) => name).join(' + '),
    parts,
    owner: (slot) => parts.find((part) => part[slot] !== undefined),
    having,
    causal: parts.some(({ hidesFuture }) => hidesFuture === true),
    unfusable: reasonNotToFuse(parts),
    uncacheable: reasonNotToCache(parts),
    describe: () =>
      parts.map(({ name, options = {} }) =>
        Object.keys(options).length > 0 ? { part: name, options } : name,
      ),
  }
}

function reasonNotToCache(parts: readonly AttentionPart[]): string | undefined {
  const part = parts.find(({ cacheable }) => cacheable === false)
  return part && `'${part.name}' needs every position at once`
}
