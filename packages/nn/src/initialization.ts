import { ArgumentError, type Device, type RandomStream } from '@qkv/tensor'
import type { Initializer } from './initializers/initializer.ts'

/** What every layer with parameters needs to be made: where they live, and where their random numbers come from. */
export interface Initialization {
  readonly device: Device
  readonly random: RandomStream
  /** Makes every parameter, whatever its layer would begin with: `zeros()` spares random numbers that loaded weights replace. */
  readonly initializer?: Initializer
}

/** Throws an `ArgumentError` unless the first argument of a layer is an `Initialization`. */
export function checkInitialization(layer: string, initialization: Initialization): void {
  const given: unknown = initialization
  const fits = typeof given === 'object' && given !== null && 'device' in given && 'random' in given
  if (fits) return
  throw new ArgumentError({
    operation: layer,
    argument: 'initialization',
    got: given === undefined ? 'is missing' : `is ${String(given)}`,
    expected: '{ device, random }',
    fix: `Write \`new ${layer}({ device, random: new RandomStream(1) }, { ... })\`: sizes come by name in the second argument.`,
  })
}

/** Throws an `ArgumentError` unless the options hold a positive whole number under each of the names. */
export function checkSizes<Name extends string>(
  layer: string,
  options: { readonly [Each in Name]: number },
  names: readonly Name[],
): void {
  const given = options as { readonly [Each in Name]?: unknown } | undefined
  for (const name of names) {
    const size = given?.[name]
    if (typeof size === 'number' && Number.isInteger(size) && size > 0) continue
    const all = names.map((each) => `${each}: ...`).join(', ')
    throw new ArgumentError({
      operation: layer,
      argument: name,
      got: size === undefined ? 'is missing' : `is ${String(size)}`,
      expected: 'a positive whole number',
      fix: `Write \`new ${layer}(initialization, { ${all} })\`; sizes are never inferred from the first input.`,
    })
  }
}
