import { ArgumentError } from '@qkv/tensor'

/** Throws an `ArgumentError` unless an option of a part is a whole number of at least 1. */
export function checkWhole(part: string, option: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return
  throw new ArgumentError({
    operation: part,
    argument: option,
    got: `is ${value}`,
    expected: 'a whole number of at least 1',
    fix: 'Leave it out for the default.',
  })
}
