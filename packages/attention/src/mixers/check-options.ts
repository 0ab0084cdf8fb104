import { ArgumentError } from '@qkv/tensor'

/** Throws an `ArgumentError` unless an option of a part is a whole number from `minimum` on. */
export function checkWhole(part: string, argument: string, value: number, minimum: number): void {
  if (Number.isSafeInteger(value) && value >= minimum) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is ${value}`,
    expected: `a whole number, ${minimum} or more`,
    fix: `Leave it out for the default.`,
  })
}

/** Throws an `ArgumentError` unless an option of a part is a finite number, more than 0, or 0 where that is allowed. */
export function checkPositive(
  part: string,
  argument: string,
  value: number,
  { zero = false }: { readonly zero?: boolean } = {},
): void {
  if (Number.isFinite(value) && (value > 0 || (zero && value === 0))) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is ${value}`,
    expected: zero ? 'a number, 0 or more' : 'a number above 0',
    fix: `Leave it out for the default.`,
  })
}

/** Throws an `ArgumentError` unless an option of a part is one of the given words. */
export function checkChoice(part: string, argument: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is '${value}'`,
    expected: choices.map((choice) => `'${choice}'`).join(' or '),
    fix: `Leave it out for '${choices[0]}'.`,
  })
}
