import {
  cast,
  cumsum,
  greater,
  less,
  logicalAnd,
  relu,
  reshape,
  slice,
  sub,
  type Tensor,
  where,
} from '@qkv/tensor'
import { onlyRealQueries } from '../../biases/only-real.ts'
import type { AttentionContext } from '../../context.ts'
import { keyPositions, queryPositions } from '../../pair-positions.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * Lets a position decide that another one is no longer needed by those after it: the positive scores of the first head, of
 * earlier queries, add up and are taken from the scores of all heads. No position hides itself, one after it, or the first one;
 * those that `padding` fills up hide none, and are not the first. It has no parameters. Scores of earlier queries are needed, which
 * no cache keeps.
 *
 * @example
 * compose([scaledDot(), selective(), causal()])
 */
export function selective(): AttentionPart {
  return {
    name: 'selective',
    source: 'Leviathan et al. 2024, Selective Attention Improves Transformer, section 3 (arXiv 2410.02703)',
    about: {
      year: 2024,
      formula: 'S = q·k / √d - Σ relu(S[first head, l, j]) over l from j + 1 to i - 1, 0 for j = 0',
      use: 'Language models that forget what is settled; keys that are hidden may be dropped.',
    },
    positional: true,
    cacheable: false,
    selfOnly: 'positions of one sequence hide each other',
    bias(context, scores) {
      const [queries, keys] = [queryPositions(context), keyPositions(context)]
      const first = slice(scores, [{}, { size: 1 }])
      const mayHide = logicalAnd(less(keys, queries), afterFirst(context))
      const hidden = onlyRealQueries(context, where(mayHide, relu(first), 0))
      // A query does not count its own selections.
      return sub(scores, sub(cumsum(hidden, { axis: 2 }), hidden))
    },
  }
}

/** Which keys come after the first real one: broadcasts to `[batch, heads, query, key]`. */
function afterFirst(context: AttentionContext): Tensor {
  const keep = context.sideInput('padding')
  if (!keep) return greater(keyPositions(context), 0)
  const [batch, keys] = keep.shape as [number, number]
  return greater(reshape(cumsum(cast(keep, 'float32'), { axis: 1 }), [batch, 1, 1, keys]), 1)
}
