import { ShapeError, type Tensor } from '@qkv/tensor'
import type { EmbedContext } from '../context.ts'

/** The number of positions in `embeddings`; throws a `ShapeError` when the table of positions ends before them. */
export function checkPositions(part: string, context: EmbedContext, embeddings: Tensor): number {
  const length = embeddings.shape.at(-2)!
  if (context.start + length <= context.maximumLength) return length
  throw new ShapeError({
    operation: part,
    argument: 'embeddings',
    got: `reach position ${context.start + length - 1}`,
    expected: `positions below the model's maximum length ${context.maximumLength}`,
    fix: 'Shorten the sequence, or build the model with a larger `maximumLength`.',
  })
}
