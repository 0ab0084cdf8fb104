import { checkOptionKinds } from '../../check-option-kinds.ts'
import { checkChoice } from '../../check-options.ts'
import { dynamicNtk, type DynamicNtkScaling } from './dynamic-ntk.ts'
import { linear, type LinearScaling } from './linear.ts'
import { llama3, type Llama3Scaling } from './llama3.ts'
import { longrope, type LongropeScaling } from './longrope.ts'
import { ntk, type NtkScaling } from './ntk.ts'
import { type RotaryModel, type ScaledFrequencies, plainFrequencies, type Scaling } from './scaling.ts'
import { yarn, type YarnScaling } from './yarn.ts'

/**
 * How to turn sequences that are longer than those of training: `rope_scaling` in Transformers, whose `factor` and
 * `original_max_position_embeddings` are `factor` and `originalLength` here.
 */
export type RopeScaling =
  | ({ readonly kind: 'linear' } & LinearScaling)
  | ({ readonly kind: 'ntk' } & NtkScaling)
  | ({ readonly kind: 'dynamic-ntk' } & DynamicNtkScaling)
  | ({ readonly kind: 'yarn' } & YarnScaling)
  | ({ readonly kind: 'longrope' } & LongropeScaling)
  | ({ readonly kind: 'llama3' } & Llama3Scaling)

const kinds = { linear, ntk, 'dynamic-ntk': dynamicNtk, yarn, longrope, llama3 }

/** Throws an `ArgumentError` in the name of the part for a kind that there is not, or options that mean nothing. */
export function checkScaling(part: string, scaling: RopeScaling): void {
  checkChoice(part, { 'scaling.kind': scaling.kind }, Object.keys(kinds), 'Check the spelling.')
  scalingOf(scaling).check(part, scaling)
}

/** Throws a `CompositionError` for an option that this kind of scaling does not have, or a value of another kind than it takes. */
export function checkScalingKinds(part: string, { kind, ...options }: RopeScaling): void {
  if (kind in kinds) checkOptionKinds(part, options, kinds[kind].kinds, 'scaling')
}

/**
 * The frequencies of rotary positions in radians per position, `[rotarySize / 2]`, and the factor of queries and keys, as a
 * scaling changes them for sequences of `length` positions (the model's maximum length unless said).
 *
 * @example
 * scaledFrequencies({ kind: 'linear', factor: 2 }, { rotarySize: 4, base: 10000, maximumLength: 8 }) // frequencies 0.5, 0.005
 */
export function scaledFrequencies(
  scaling: RopeScaling | undefined,
  model: RotaryModel,
  { part = 'rope', length = model.maximumLength }: { readonly part?: string; readonly length?: number } = {},
): ScaledFrequencies {
  return scaling
    ? scalingOf(scaling).frequencies(part, scaling, model, length)
    : { frequencies: plainFrequencies(model), attentionFactor: 1 }
}

function scalingOf(scaling: RopeScaling): Scaling<RopeScaling> {
  return kinds[scaling.kind] as Scaling<RopeScaling>
}
