import * as v from 'valibot'
import type { ReadState } from './page-state.svelte.ts'

/** How each field of a state is written in a link: under its own name. */
export type FieldSchemas<State> = {
  readonly [Name in keyof State]: v.GenericSchema<unknown, Exclude<State[Name], undefined>>
}

/**
 * The state of a link, field by field; what is missing, or cannot be read, has its default.
 *
 * @example
 * readFields(new URLSearchParams('width=8&length=many'), defaultPositions, schemas).refused // ['length']
 */
export function readFields<State extends object>(
  parameters: URLSearchParams,
  defaults: State,
  schemas: FieldSchemas<State>,
): ReadState<State> {
  const state = { ...defaults }
  const refused: string[] = []
  for (const name of Object.keys(schemas) as (keyof State & string)[]) {
    const written = parameters.get(name)
    if (written === null) continue
    const result = v.safeParse(schemas[name], written)
    if (result.success) state[name] = result.output as State[typeof name]
    else refused.push(name)
  }
  return { state, refused }
}
