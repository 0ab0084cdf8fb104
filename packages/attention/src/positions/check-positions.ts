import { ShapeError } from '@qkv/tensor'

/** Throws a `ShapeError` when a table of positions ends before the last position that is wanted. */
export function checkPositions(
  part: string,
  argument: string,
  range: { readonly start: number; readonly length: number; readonly maximumLength: number },
): void {
  const { start, length, maximumLength } = range
  if (start + length <= maximumLength) return
  throw new ShapeError({
    operation: part,
    argument,
    got: `reaches position ${start + length - 1}`,
    expected: `positions below the model's maximum length ${maximumLength}`,
    fix: 'Shorten the sequence, or build the model with a larger `maximumLength`.',
  })
}
