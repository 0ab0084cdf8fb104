import {
  type AttentionPart,
  builtInParts,
  causal,
  compose,
  type Composition,
  scaledDot,
  sinusoidal,
} from '@qkv/attention'
import { isSideOfText } from './sides-of-text.ts'

/** A part in a language model, or why it cannot be in one. */
export type Variant = {
  readonly name: string
  /** Whether no position sees a later one. */
  readonly causal: boolean
} & ({ readonly composition: Composition } | { readonly reason: string })

/** Options that mean something in sequences of 24 and 64 tokens; with the default ones these parts would be plain attention. */
const options: Readonly<Record<string, object>> = {
  'sliding-window': { left: 12 },
  streaming: { window: 12, sinks: 2 },
  dilated: { window: 12 },
  strided: { stride: 8 },
  longformer: { window: 12 },
  bigbird: { blockSize: 4, globals: 1, random: 2 },
  'block-sparse': { size: 8, table: bandOfBlocks(8) },
  lsh: { buckets: 4 },
  routing: { clusters: 4 },
  moba: { blockSize: 8 },
  'sparse-indexer': { k: 8 },
  'native-sparse': { compressionBlock: 8, stride: 4, selectionBlock: 8, selected: 2, window: 12 },
  linformer: { rank: 8 },
  nystrom: { landmarks: 8 },
  fedformer: { modes: 8 },
}

/** Each block of queries sees its own block of keys, the one before, and the first. */
function bandOfBlocks(count: number): number[][] {
  return Array.from({ length: count }, (_, query) =>
    Array.from({ length: count }, (_, key) => Number(key === 0 || (key <= query && key >= query - 1))),
  )
}

/** They move scores by content or between neighbours, and do not say where a key is. */
const withoutPositions: ReadonlySet<string> = new Set(['multi-token', 'selective'])

/** They are what a causal mask is, and more. */
const causalByThemselves: ReadonlySet<string> = new Set(['prefix-lm'])

/** Each built-in part in the place of what it replaces: the score, the positions or the mix of the model; other parts come in addition. */
export function variants(): readonly Variant[] {
  return [...builtInParts].map(([name, create]) => variantOf(create(options[name] as never)))
}

function variantOf(part: AttentionPart): Variant {
  const { name, excludes = {}, sideInputs = [], outputs } = part
  const isCausal = excludes['causal'] === undefined
  const missing = sideInputs.filter((side) => !isSideOfText(side) && side !== 'firstValues')
  const variant = { name, causal: isCausal || causalByThemselves.has(name) }
  if (outputs !== undefined) return { ...variant, reason: 'does not give one output per token' }
  if (missing.length > 0) return { ...variant, reason: `a text has no ${missing.join(', ')}` }
  const added = [
    ...(part.score || part.mix ? [] : [scaledDot()]),
    ...(bringsPositions(part) ? [] : [sinusoidal()]),
    ...(isCausal && name !== 'causal' ? [causal()] : []),
  ].filter((other) => other.name !== name)
  return { ...variant, composition: compose([part, ...added]) }
}

function bringsPositions(part: AttentionPart): boolean {
  if (part.positional !== true || withoutPositions.has(part.name)) return false
  return (
    part.embed !== undefined || part.queryKey !== undefined || part.bias !== undefined || part.name === 'none'
  )
}
