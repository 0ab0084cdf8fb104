import { formatShape, ShapeError, slice, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import { neededSideInput } from '../needed-side-input.ts'

/**
 * A side input of pairs of positions, `[batch, length, length, ...]`, that a part cannot do without; the rows of this call's queries.
 * Throws a `CompositionError` where the call says `'none'`, a `ShapeError` where the axes are others.
 */
export function pairsOf(
  context: AttentionContext,
  part: string,
  name: string,
  further: readonly { readonly axis: string; readonly size: number }[] = [],
): Tensor {
  const expected = `[batch, length, length${further.map(({ axis }) => `, ${axis}`).join('')}]`
  const fix = `Bring it with each call, or leave '${part}' out.`
  const pairs = neededSideInput(context, part, name, `a tensor ${expected}`, fix)
  const { keyLength, keyInput, queryStart, queryLength } = context
  const wanted = [keyInput.shape[0]!, keyLength, keyLength, ...further.map(({ size }) => size)]
  if (wanted.length !== pairs.rank || wanted.some((size, axis) => size !== pairs.shape[axis])) {
    throw new ShapeError({
      operation: part,
      argument: `side.${name}`,
      got: `has shape ${formatShape(pairs.shape)}`,
      expected: `${expected}, here ${formatShape(wanted)}`,
      fix: 'Give one entry for each pair of positions, also of those whose keys are cached.',
    })
  }
  return slice(pairs, [{}, { start: queryStart, size: queryLength }])
}
