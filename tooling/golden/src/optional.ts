type Given<Options> = { [Key in keyof Options]?: Exclude<Options[Key], undefined> }

/** The options that have a value, so that the others take their defaults. */
export function optional<Options extends object>(options: Options): Given<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Given<Options>
}
