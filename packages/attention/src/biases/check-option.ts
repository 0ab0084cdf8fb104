import { ArgumentError } from '@qkv/tensor'

/** What an option may be: in words, and as a test. */
export interface OptionRule {
  readonly expected: string
  fits(value: number): boolean
}

export const positive: OptionRule = {
  expected: 'a finite number above 0',
  fits: (value) => Number.isFinite(value) && value > 0,
}

export function wholeFrom(least: number): OptionRule {
  return {
    expected: `a whole number from ${least}`,
    fits: (value) => Number.isSafeInteger(value) && value >= least,
  }
}

/** Throws an `ArgumentError` for an option that a part cannot be made with. */
export function checkOption(
  part: string,
  argument: string,
  value: number,
  { expected, fits }: OptionRule,
): void {
  if (fits(value)) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is ${value}`,
    expected,
    fix: 'Leave it out for the default.',
  })
}

/** Throws an `ArgumentError` for a name that is none of those known. */
export function checkChoice(part: string, argument: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is '${value}'`,
    expected: known.map((name) => `'${name}'`).join(' or '),
    fix: 'Leave it out for the default.',
  })
}
