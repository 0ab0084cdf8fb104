import type { PartChoice, PartFactory } from '@qkv/attention'
import type { AttentionSites } from '@qkv/model-zoo'
import { ConfigError } from '../errors/config-error.ts'

/** A part as plain JSON; one that was given as a value is named, and has to come as a plugin again. */
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

/** The attention of a config as plain JSON. */
export function storeAttention(attention: readonly PartChoice[] | AttentionSites): StoredAttention {
  if (!('encoder' in attention)) return attention.map(storePart)
  const { encoder, decoder, cross } = attention
  return { encoder: encoder.map(storePart), decoder: decoder.map(storePart), cross: cross.map(storePart) }
}

/**
 * The attention of a stored model. Throws a `ConfigError` when it needs a part that no plugin brings: a value's options
 * cannot be stored, so a part of the same name from elsewhere might compute something else.
 */
export function restoreAttention(
  stored: StoredAttention,
  parts: ReadonlyMap<string, PartFactory>,
): readonly PartChoice[] | AttentionSites {
  const restore = (part: StoredPart): PartChoice => {
    if (typeof part === 'string' || 'part' in part) return part
    const factory = parts.get(part.plugin)
    if (!factory) throw missingPluginError(part.plugin)
    return factory()
  }
  if (!('encoder' in stored)) return stored.map(restore)
  const { encoder, decoder, cross } = stored
  return { encoder: encoder.map(restore), decoder: decoder.map(restore), cross: cross.map(restore) }
}

function storePart(part: PartChoice): StoredPart {
  if (typeof part === 'string') return part
  return 'part' in part ? { part: part.part, options: part.options } : { plugin: part.name }
}

function missingPluginError(name: string): ConfigError {
  return new ConfigError({
    operation: 'model',
    argument: 'attention',
    got: `uses the part '${name}', which the training config gave as a value`,
    expected: 'the same part among the plugins',
    fix: 'Add it to `plugins` in qkv.config.ts, and run the command there.',
  })
}
