import { ArgumentError } from '@qkv/tensor'

/** Throws an `ArgumentError` unless an option of a part is a whole number of at least `least`. */
export function checkWhole(part: string, argument: string, value: number, least: number, fix: string): void {
  if (Number.isInteger(value) && value >= least) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `is ${value}`,
    expected: `a whole number of at least ${least}`,
    fix,
  })
}
