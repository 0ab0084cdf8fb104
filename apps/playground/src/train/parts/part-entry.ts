import type { SlotStage } from '@qkv/attention'

/** Where in attention a part works, in the order of the computation. */
export const partStages = [
  'project',
  'position',
  'score',
  'bias',
  'mask',
  'normalize',
  'weights',
  'mix',
  'output',
] as const
export type PartStage = (typeof partStages)[number]

/** Why a part cannot go with another one. */
export type ConflictReason =
  /** Both claim what only one part can do. */
  | { readonly kind: 'owner'; readonly slot: SlotStage | 'keyHeads' }
  /** The part has no scores, on which the other one works. */
  | { readonly kind: 'makes-no-scores' }
  /** The part works on scores, which the other one does not make. */
  | { readonly kind: 'finds-no-scores' }
  /** Anything else, in the library's words. */
  | { readonly kind: 'words'; readonly words: string }

/** An attention part as the form shows it: plain data, from the worker. */
export interface PartEntry {
  readonly name: string
  readonly stage: PartStage
  /** In one English sentence. */
  readonly use: string
  readonly formula: string
  /** Whether attention with it needs no other part that compares queries with keys. */
  readonly complete: boolean
  /** The parts that it cannot go with, by name. */
  readonly conflicts: Readonly<Record<string, ConflictReason>>
}
