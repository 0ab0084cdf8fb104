import { CompositionError } from './errors.ts'
import { type AttentionPart, type SlotStage, slotStages, type Stage } from './part.ts'

/** The stages that only exist where there is a score matrix. */
const scoreMatrixStages = ['score', 'bias', 'mask', 'select', 'normalize', 'weights', 'aggregate'] as const

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
}

/**
 * Puts parts together. Throws a `CompositionError` when two parts claim one slot, a part appears twice, or a part
 * needs a score matrix that another part does away with.
 *
 * @example
 * const composition = compose([scaledDot(), causal(), padding()])
 */
export function compose(parts: readonly AttentionPart[]): Composition {
  rejectRepeats(parts)
  rejectSharedSlots(parts)
  rejectMixerConflicts(parts)
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
  for (const slot of slotStages) {
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
    throw new CompositionError({
      operation: 'compose',
      argument: part.name,
      got: `has a ${stage} stage, but '${mixer.name}' has no score matrix: '${part.name}' cannot take part in it`,
      expected: `parts that work on queries, keys or outputs beside '${mixer.name}'`,
      fix: 'Remove one of the two.',
    })
  }
}

function reasonNotToFuse(parts: readonly AttentionPart[]): string | undefined {
  const score = parts.find((part) => part.score !== undefined)
  if (!score) return 'no part scores'
  for (const part of parts) {
    const blocking = (['bias', 'select', 'normalize', 'aggregate', 'mix'] as const).find(
      (stage) => part[stage],
    )
    if (blocking) return `'${part.name}' has a ${blocking} stage`
    if (part.score && part.fused?.scale === undefined) return `'${part.name}' scores in its own way`
    if (part.weights && part.fused?.dropoutRate === undefined) return `'${part.name}' changes the weights`
  }
  return undefined
}
