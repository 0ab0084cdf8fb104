import { ShapeError, slice, type Tensor } from '@qkv/tensor'
import type { EmbedContext } from '../context.ts'
import { neededSideInput } from '../needed-side-input.ts'

interface SideRows {
  readonly part: string
  readonly name: string
  readonly columns: number
  readonly dtype: 'float32' | 'int32'
}

/**
 * The rows of a side input `[batch, length, columns]` that belong to the embeddings. It covers all positions from 0 on, as
 * `padding` does: the rows before `start` are left out. Throws a `CompositionError` when there is none, a `ShapeError` for another shape.
 */
export function sideRows(
  context: EmbedContext,
  embeddings: Tensor,
  { part, name, columns, dtype }: SideRows,
): Tensor {
  const [batch, length] = embeddings.shape as [number, number, number]
  const wanted = `${dtype} [${batch}, ${context.start + length}, ${columns}], axes [batch, length, columns]`
  const fix = `Pass it to the position embedding, or leave '${part}' out.`
  const given = neededSideInput(context, part, name, wanted, fix)
  const [entries, rows, width] = given.shape
  const fits =
    given.rank === 3 &&
    (entries === batch || entries === 1) &&
    rows === context.start + length &&
    width === columns &&
    given.dtype === dtype
  if (fits) return slice(given, [{}, { start: context.start }])
  throw new ShapeError({
    operation: part,
    argument: `side.${name}`,
    got: `is ${given.dtype} [${given.shape.join(', ')}]`,
    expected: wanted,
    fix: 'Rows count from position 0, and columns are as many as the part was made for.',
  })
}
