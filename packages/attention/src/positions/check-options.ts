import { ArgumentError } from '@qkv/tensor'

/** Numbers that a part was given, by name; those that were left out are not looked at. */
type Given = Readonly<Record<string, number | undefined>>

type Rule =
  | 'a positive number'
  | 'a number from 1 on'
  | 'a whole number from 0 on'
  | 'a positive whole number'

const rules: Readonly<Record<Rule, (value: number) => boolean>> = {
  'a positive number': (value) => Number.isFinite(value) && value > 0,
  'a number from 1 on': (value) => Number.isFinite(value) && value >= 1,
  'a whole number from 0 on': (value) => Number.isInteger(value) && value >= 0,
  'a positive whole number': (value) => Number.isInteger(value) && value > 0,
}

/** Throws an `ArgumentError` for the first number that is not what all of them must be. */
export function checkOptions(part: string, expected: Rule, given: Given): void {
  for (const [argument, value] of Object.entries(given)) {
    if (value === undefined || rules[expected](value)) continue
    throw new ArgumentError({
      operation: part,
      argument,
      got: `is ${String(value)}`,
      expected,
      fix: 'Leave it out for the default.',
    })
  }
}

/** Throws an `ArgumentError` unless a word is one of those that there are. */
export function checkChoice<Choice extends string>(
  part: string,
  argument: string,
  value: Choice,
  choices: readonly Choice[],
): void {
  if (choices.includes(value)) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is '${String(value)}'`,
    expected: `one of ${choices.join(', ')}`,
    fix: 'Check the spelling, or leave it out for the default.',
  })
}
