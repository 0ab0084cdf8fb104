import { ArgumentError } from '@qkv/tensor'

/** Throws an `ArgumentError` unless the value is a whole number from `minimum` on. */
export function checkWholeNumber(operation: string, argument: string, value: number, minimum: number): void {
  if (Number.isSafeInteger(value) && value >= minimum) return
  throw new ArgumentError({
    operation,
    argument,
    got: `is ${String(value)}`,
    expected: `a whole number from ${minimum}`,
    fix: 'Give a count.',
  })
}

/** Throws an `ArgumentError` unless the value is a number from 0 up to, but not including, `limit`. */
export function checkFromZero(
  operation: string,
  argument: string,
  value: number,
  limit: number = Infinity,
): void {
  if (value >= 0 && value < limit) return
  throw new ArgumentError({
    operation,
    argument,
    got: `is ${String(value)}`,
    expected: limit === Infinity ? 'a finite number from 0' : `a number from 0 to below ${limit}`,
    fix: 'Leave it out for the usual value, where there is one.',
  })
}
