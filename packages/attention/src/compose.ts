import { CompositionError } from './errors.ts'
import { type AttentionPart, type SlotStage, slotStages, type Stage } from './part.ts'
import { reasonNotToFuse } from './reason-not-to-fuse.ts'

/** The stages that only exist where there is a score matrix. */
const scoreMatrixStages = ['score', 'bias', 'mask', 'select', 'normalize', 'weights', 'aggregate'] as const

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
  /** Why the composition cannot run as the one fused operation; `undefined` when it can. */
  readonly unfusable: string | undefined
  /** Why nothing can be kept from position to position; `undefined` where it can. */
  readonly uncacheable: string | undefined
  /** The parts as plain data, from which `resolveParts` makes them again. */
  describe(): readonly PartConfig[]
}

/**
 * Puts parts together. Throws a `CompositionError` when two parts claim one slot, a part appears twice, a part excludes
 * another, needs a score matrix that another part does away with, or changes keys where another caches none.
 *
 * @example
 * const composition = compose([scaledDot(), causal(), padding()])
 */
export function compose(parts: readonly AttentionPart[]): Composition {
  rejectRepeats(parts)
  rejectSharedSlots(parts)
  rejectMixerConflicts(parts)
  rejectExcluded(parts)
  rejectKeysThatAreNotKept(parts)
  const having = <S extends Stage>(stage: S): readonly (AttentionPart & Required<Pick<AttentionPart, S>>)[] =>
    parts.filter(
      (part): part is AttentionPart & Required<Pick<AttentionPart, S>> => part[stage] !== undefined,
    )
  return {
    name: parts.map(({ name }) => name).join(' + '),
    parts,
    owner: (slot) => parts.find((part) => part[slot] !== undefined),
    having,
    unfusable: reasonNotToFuse(parts),
    uncacheable: reasonNotToCache(parts),
    describe: () =>
      parts.map(({ name, options = {} }) =>
        Object.keys(options).length > 0 ? { part: name, options } : name,
      ),
  }
}

function rejectRepeats(parts: readonly AttentionPart[]): void {
  const repeated = parts.find(({ name }, index) => parts.findIndex((part) => part.name === name) !== index)
  if (!repeated) return
  throw new CompositionError({
    operation: 'compose',
    argument: 'parts',
    got: `has '${repeated.name}' twice`,
    expected: 'each part once',
    fix: 'Remove one of them.',
  })
}

function rejectSharedSlots(parts: readonly AttentionPart[]): void {
  for (const slot of [...slotStages, 'keyHeads'] as const) {
    const owners = parts.filter((part) => part[slot] !== undefined).map(({ name }) => `'${name}'`)
    if (owners.length < 2) continue
    throw new CompositionError({
      operation: 'compose',
      argument: slot,
      got: `claimed by ${owners.join(' and ')}`,
      expected: 'one owner per slot',
      fix: 'Keep one of them.',
    })
  }
}

function rejectMixerConflicts(parts: readonly AttentionPart[]): void {
  const mixer = parts.find((part) => part.mix !== undefined)
  if (!mixer) return
  for (const part of parts) {
    const stage = scoreMatrixStages.find((stage) => part !== mixer && part[stage] !== undefined)
    if (!stage || (stage === 'mask' && mixer.obeys?.includes(part.name))) continue
    // The part's own reason says more.
    if (mixer.excludes?.[part.name] !== undefined) continue
    throw new CompositionError({
      operation: 'compose',
      argument: part.name,
      got: `has a ${stage} stage, but '${mixer.name}' has no score matrix: '${part.name}' cannot take part in it`,
      expected: `parts that work on queries, keys or outputs beside '${mixer.name}'`,
      fix: 'Remove one of the two.',
    })
  }
}

function rejectExcluded(parts: readonly AttentionPart[]): void {
  for (const { name, excludes = {} } of parts) {
    const other = parts.find((part) => excludes[part.name] !== undefined)
    if (!other) continue
    throw new CompositionError({
      operation: 'compose',
      argument: name,
      got: `is composed with '${other.name}', but ${excludes[other.name]}`,
      expected: `parts other than ${Object.keys(excludes)
        .map((excluded) => `'${excluded}'`)
        .join(' and ')} beside '${name}'`,
      fix: 'Remove one of the two.',
    })
  }
}

/** A `queryKey` stage sees what is cached, which is no key where another part makes keys of it afterwards. */
function rejectKeysThatAreNotKept(parts: readonly AttentionPart[]): void {
  const expander = parts.find((part) => part.expand !== undefined && part.project !== undefined)
  const part = expander && parts.find((part) => part !== expander && part.queryKey !== undefined)
  if (!part) return
  throw new CompositionError({
    operation: 'compose',
    argument: part.name,
    got: `changes queries, keys or values before they are cached, but '${expander.name}' caches something smaller`,
    expected: `parts without a queryKey stage beside '${expander.name}'`,
    fix: 'Remove one of the two.',
  })
}

function reasonNotToCache(parts: readonly AttentionPart[]): string | undefined {
  const part = parts.find(({ cacheable }) => cacheable === false)
  return part && `'${part.name}' needs every position at once`
}
