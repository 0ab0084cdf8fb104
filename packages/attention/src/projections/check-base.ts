import { ArgumentError } from '@qkv/tensor'

/** Throws an `ArgumentError` unless rotary angles can be formed with a base. */
export function checkBase(part: string, base: number): void {
  if (Number.isFinite(base) && base > 0) return
  throw new ArgumentError({
    operation: part,
    argument: 'base',
    got: `is ${base}`,
    expected: 'a number above 0',
    fix: 'Leave it out for 10000.',
  })
}
