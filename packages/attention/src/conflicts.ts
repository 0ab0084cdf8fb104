import { CompositionError, conflictOf } from './errors.ts'
import { type AttentionPart, chainStages, slotStages } from './part.ts'
import { rejectResized } from './stage-sizes.ts'

/** The stages that only exist where there is a score matrix. */
const scoreMatrixStages = ['score', 'bias', 'mask', 'select', 'normalize', 'weights', 'aggregate'] as const

/** Throws a `CompositionError` for the first reason why parts cannot go together, which always names two of them. */
export function rejectConflicts(parts: readonly AttentionPart[]): void {
  rejectRepeats(parts)
  rejectSharedSlots(parts)
  rejectSharedClaims(parts)
  rejectMixerConflicts(parts)
  rejectExcluded(parts)
  rejectKeysThatAreNotKept(parts)
  rejectPositionsOfOutputs(parts)
  rejectResized(parts)
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

function rejectSharedClaims(parts: readonly AttentionPart[]): void {
  for (const [index, part] of parts.entries()) {
    for (const [claim, words] of Object.entries(part.claims ?? {})) {
      const other = parts.slice(index + 1).find(({ claims }) => claims?.[claim] !== undefined)
      if (!other) continue
      throw conflictOf(part, other, {
        reason: `each of the two ${words}`,
        expected: 'one part that does',
        fix: 'Keep one of them.',
      })
    }
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
  for (const part of parts) {
    const { name, excludes = {} } = part
    const reasonFor = (other: AttentionPart): string | undefined =>
      excludes[other.name] ?? (other.hidesFuture && other !== part ? excludes['causal'] : undefined)
    for (const other of parts) {
      const reason = reasonFor(other)
      if (reason === undefined) continue
      const names = [...new Set([...Object.keys(excludes), other.name])].map((excluded) => `'${excluded}'`)
      throw conflictOf(part, other, {
        reason,
        expected: `parts other than ${names.join(' and ')} beside '${name}'`,
      })
    }
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

/** Where outputs are not one per input, queries have no positions: what is added to embeddings tells keys theirs, and nothing else can. */
function rejectPositionsOfOutputs(parts: readonly AttentionPart[]): void {
  const owner = parts.find((part) => part.outputs !== undefined)
  const part = owner && parts.find((part) => part !== owner && placesQueries(part))
  if (!part) return
  const why = part.selfOnly === undefined ? '' : `: ${part.selfOnly}`
  throw conflictOf(part, owner, {
    reason: `the queries of '${owner.name}' are at no position, and '${part.name}' needs one${why}`,
    expected: `parts that ask for no position of a query beside '${owner.name}'`,
    fix: "Remove one of the two; where keys are can come with the embeddings, such as by 'sinusoidal'.",
  })
}

function placesQueries(part: AttentionPart): boolean {
  if (part.selfOnly !== undefined) return true
  const stages = [...chainStages, ...slotStages].filter((stage) => part[stage] !== undefined)
  return part.positional === true && stages.some((stage) => stage !== 'embed')
}
