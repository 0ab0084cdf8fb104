import type { PartChoice, PartFactory } from '@qkv/attention'
import type { AttentionSites } from '@qkv/model-zoo'
import { MissingPartError } from '../errors/missing-part-error.ts'

/** A part as plain JSON; one that was given as a value is named, and has to be given again. */
export type StoredPart =
  | string
  | { readonly part: string; readonly options: Readonly<Record<string, unknown>> }
  | { readonly plugin: string }

export type StoredAttention =
  | readonly StoredPart[]
  | {
      readonly encoder: readonly StoredPart[]
      readonly decoder: readonly StoredPart[]
      readonly cross: readonly StoredPart[]
    }

/**
 * The attention of a model as plain JSON.
 *
 * @example
 * storeAttention(['scaled-dot', myPart()]) // ['scaled-dot', { plugin: 'my-part' }]
 */
export function storeAttention(attention: readonly PartChoice[] | AttentionSites): StoredAttention {
  if (!('encoder' in attention)) return attention.map(storePart)
  const { encoder, decoder, cross } = attention
  return { encoder: encoder.map(storePart), decoder: decoder.map(storePart), cross: cross.map(storePart) }
}

/**
 * The attention of a stored model. Throws a `MissingPartError` when it needs a part that is not given: a value's options
 * cannot be stored, so a part of the same name from elsewhere might compute something else.
 */
export function restoreAttention(
  stored: StoredAttention,
  parts: ReadonlyMap<string, PartFactory>,
): readonly PartChoice[] | AttentionSites {
  const restore = (part: StoredPart): PartChoice => {
    if (typeof part === 'string' || 'part' in part) return part
    const factory = parts.get(part.plugin)
    if (!factory) throw new MissingPartError(part.plugin)
    return factory()
  }
  if (!('encoder' in stored)) return stored.map(restore)
  const { encoder, decoder, cross } = stored
  return { encoder: encoder.map(restore), decoder: decoder.map(restore), cross: cross.map(restore) }
}

function storePart(part: PartChoice): StoredPart {
  if (typeof part === 'string') return part
  if (!('part' in part)) return { plugin: part.name }
  return part.options ? { part: part.part, options: part.options } : part.part
}
