import { suggestion } from '@qkv/tensor'
import { checkOptionKinds } from './check-option-kinds.ts'
import { CompositionError } from './errors.ts'
import { partFactories, partOptionKinds } from './generated/parts.ts'
import type { AttentionPart } from './part.ts'

/** Makes a part from plain options, which every part can do without. */
export type PartFactory = (options?: never) => AttentionPart

/** A part by name, by name with options, or as a value. */
export type PartChoice =
  | string
  | { readonly part: string; readonly options?: Readonly<Record<string, unknown>> }
  | AttentionPart

/** The parts of this package by name. */
export const builtInParts: ReadonlyMap<string, PartFactory> = new Map(
  partFactories.map((factory) => [factory().name, factory]),
)

/**
 * Turns names into parts. Further factories, of other packages, come by name in `further`.
 * Throws a `CompositionError` for an unknown name, and for an option that a part of this package does not have, or of
 * another kind than it takes.
 *
 * @example
 * compose(resolveParts(['scaled-dot', 'padding', { part: 'dropout', options: { rate: 0.1 } }]))
 */
export function resolveParts(
  choices: readonly PartChoice[],
  further: ReadonlyMap<string, PartFactory> = new Map(),
): readonly AttentionPart[] {
  return choices.map((choice) => {
    if (typeof choice !== 'string' && 'name' in choice) return choice
    const name = typeof choice === 'string' ? choice : choice.part
    const factory = further.get(name) ?? builtInParts.get(name)
    if (!factory) throw unknownPart(name, [...builtInParts.keys(), ...further.keys()])
    const options = typeof choice === 'string' ? undefined : choice.options
    if (options === undefined) return factory()
    if (!further.has(name)) checkOptionKinds(name, options, partOptionKinds[name])
    return factory(options as never)
  })
}

function unknownPart(name: string, known: readonly string[]): CompositionError {
  return new CompositionError({
    operation: 'attention',
    argument: 'parts',
    got: `has '${name}'`,
    expected: `a known part (${known.join(', ')})`,
    fix: `${suggestion(name, known)}Check the spelling, or add the plugin that brings it.`,
  })
}
