import {
  type AttentionPart,
  builtInParts,
  compose,
  CompositionError,
  type SlotStage,
  slotStages,
} from '@qkv/attention'
import { composeSites } from '@qkv/model-zoo'
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
  const conflicts = conflictsAmong(parts)
  return parts.map((part) => ({
    name: part.name,
    stage: stageOf(part),
    use: part.about?.use ?? '',
    formula: part.about?.formula ?? '',
    complete: isComplete(part),
    conflicts: conflicts.get(part)!,
  }))
}

/** A text model uses one list of parts in its encoder, in its decoder and, as far as it means something there, between them. */
function fitsEverySite(part: AttentionPart): boolean {
  const attention = isComplete(part) ? [part.name] : ['scaled-dot', part.name]
  try {
    composeSites({ attention, attentionDropout: 0 })
    return true
  } catch (error) {
    if (error instanceof CompositionError) return false
    throw error
  }
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

/** All that `compose` refuses, it refuses because of two parts: two are asked about at a time. */
function conflictsAmong(parts: readonly AttentionPart[]): Map<AttentionPart, Record<string, ConflictReason>> {
  const conflicts = new Map(parts.map((part) => [part, {} as Record<string, ConflictReason>]))
  for (const [index, part] of parts.entries()) {
    for (const other of parts.slice(index + 1)) {
      const error = refusal(part, other)
      if (!error) continue
      conflicts.get(part)![other.name] = reasonOf(error, part, other)
      conflicts.get(other)![part.name] = reasonOf(error, other, part)
    }
  }
  return conflicts
}

function refusal(part: AttentionPart, other: AttentionPart): CompositionError | undefined {
  try {
    compose([part, other])
    return undefined
  } catch (error) {
    if (error instanceof CompositionError) return error
    throw error
  }
}

/** Why the first of two parts cannot go with the second. */
function reasonOf(error: CompositionError, part: AttentionPart, other: AttentionPart): ConflictReason {
  const { argument, got, reason } = error
  if (isSlot(argument)) return { kind: 'owner', slot: argument }
  if (reason !== undefined) return { kind: 'words', words: reason }
  if (part.mix) return { kind: 'makes-no-scores' }
  if (other.mix) return { kind: 'finds-no-scores' }
  return { kind: 'words', words: `'${argument}' ${got}` }
}

function isSlot(name: string): name is SlotStage | 'keyHeads' {
  return name === 'keyHeads' || (slotStages as readonly string[]).includes(name)
}
