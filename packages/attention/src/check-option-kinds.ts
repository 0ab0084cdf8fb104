import { CompositionError } from './errors.ts'

/** What an option may be, as its type says: `rows` are lists of numbers in a list. */
export type OptionKind = 'number' | 'boolean' | 'string' | 'numbers' | 'rows' | 'object'

/** What the options of a part may be, by their names: one of these kinds. */
export type OptionKinds = Readonly<Record<string, readonly OptionKind[]>>

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'number')

const rules: Readonly<
  Record<OptionKind, { readonly expected: string; readonly fits: (value: unknown) => boolean }>
> = {
  number: { expected: 'a number', fits: (value) => typeof value === 'number' },
  boolean: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  string: { expected: 'a word in quotes', fits: (value) => typeof value === 'string' },
  numbers: { expected: 'a list of numbers', fits: isNumbers },
  rows: {
    expected: 'a list of lists of numbers',
    fits: (value) => Array.isArray(value) && value.every(isNumbers),
  },
  object: {
    expected: 'an object with names and values',
    fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
}

/** Throws a `CompositionError` for the first option that the part does not have, or whose value is of another kind. */
export function checkOptionKinds(
  part: string,
  options: Readonly<Record<string, unknown>>,
  kinds: OptionKinds = {},
  argument = 'options',
): void {
  const known = Object.keys(kinds)
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new CompositionError({
      operation: part,
      argument,
      got: `has '${unknown}'`,
      expected: known.length > 0 ? known.join(', ') : 'no options',
      fix: 'Check the spelling, or leave it out.',
    })
  }
  for (const [name, value] of Object.entries(options)) {
    const allowed = kinds[name]!.map((kind) => rules[kind])
    if (value === undefined || allowed.some(({ fits }) => fits(value))) continue
    throw new CompositionError({
      operation: part,
      argument: argument === 'options' ? name : `${argument}.${name}`,
      got: `is ${JSON.stringify(value)}`,
      expected: allowed.map(({ expected }) => expected).join(', or '),
      fix: 'Leave it out for the default.',
    })
  }
}
