import {
  type AttentionPart,
  builtInParts,
  compose,
  CompositionError,
  type SlotStage,
  slotStages,
} from '@qkv/attention'
import type { ConflictReason, PartEntry, PartStage } from '../parts/part-entry.ts'

/** The model adds them by itself. */
const added = new Set(['padding', 'causal', 'dropout'])

let offered: readonly PartEntry[] | undefined

/** The attention parts that can be chosen, with what they do and what they cannot go with. */
export function offeredParts(): readonly PartEntry[] {
  return (offered ??= describeParts())
}

function describeParts(): readonly PartEntry[] {
  const parts = [...builtInParts.values()]
    .map((create) => create())
    .filter((part) => !added.has(part.name) && fitsEverySite(part))
  return parts.map((part) => ({
    name: part.name,
    stage: stageOf(part),
    use: part.about?.use ?? '',
    formula: part.about?.formula ?? '',
    complete: isComplete(part),
    conflicts: conflictsOf(part, parts),
  }))
}

/** A text model uses one list of parts in its encoder, in its decoder and, without positions, between them. */
function fitsEverySite(part: AttentionPart): boolean {
  const { excludes = {}, selfOnly, sideInputs = [], outputs, positional = false } = part
  return (
    excludes['causal'] === undefined &&
    excludes['padding'] === undefined &&
    selfOnly === undefined &&
    sideInputs.length === 0 &&
    outputs === undefined &&
    // Cross-attention would be left without scores.
    !(positional && isComplete(part))
  )
}

function isComplete({ score, mix }: AttentionPart): boolean {
  return score !== undefined || mix !== undefined
}

/** A part of several stages is listed at the one that it is known for. */
function stageOf(part: AttentionPart): PartStage {
  if (part.mix) return 'mix'
  if (part.project ?? part.keyHeads) return 'project'
  if (part.bias) return 'bias'
  if (part.weights) return 'weights'
  if (part.score) return 'score'
  if (part.normalize) return 'normalize'
  if (part.mask ?? part.select) return 'mask'
  if (part.output ?? part.aggregate) return 'output'
  // What is left changes embeddings, queries and keys, or nothing: by positions, or so that scores stay within bounds.
  return part.positional ? 'position' : 'score'
}

function conflictsOf(part: AttentionPart, parts: readonly AttentionPart[]): PartEntry['conflicts'] {
  return Object.fromEntries(
    parts.flatMap((other) => {
      const reason = other === part ? undefined : reasonAgainst(part, other)
      return reason ? [[other.name, reason]] : []
    }),
  )
}

/** All that `compose` refuses, it refuses because of two parts: two are asked about at a time. */
function reasonAgainst(part: AttentionPart, other: AttentionPart): ConflictReason | undefined {
  try {
    compose([part, other])
    return undefined
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error
    const { argument, got } = error
    if (isSlot(argument)) return { kind: 'owner', slot: argument }
    const own = part.excludes?.[other.name] ?? other.excludes?.[part.name]
    if (own !== undefined) return { kind: 'words', words: own }
    if (part.mix) return { kind: 'makes-no-scores' }
    if (other.mix) return { kind: 'finds-no-scores' }
    return { kind: 'words', words: `'${argument}' ${got}` }
  }
}

function isSlot(name: string): name is SlotStage | 'keyHeads' {
  return name === 'keyHeads' || (slotStages as readonly string[]).includes(name)
}
