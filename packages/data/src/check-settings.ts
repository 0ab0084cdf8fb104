import { DataError } from './data-error.ts'

/** Throws a {@link DataError} unless `value` is a whole number within the range. */
export function checkWholeNumber(
  operation: string,
  argument: string,
  value: number,
  { minimum, maximum = Number.MAX_SAFE_INTEGER }: { minimum: number; maximum?: number },
): void {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return
  const upTo =
    maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
  throw new DataError({
    operation,
    argument,
    got: `is ${String(value)}`,
    expected: `a whole number ${upTo}`,
    fix: `pass such a number as '${argument}'`,
  })
}
