import { zeros } from '@qkv/nn'
import {
  add,
  cast,
  clamp,
  cumsum,
  floor,
  greaterEqual,
  lessEqual,
  matmul,
  minimum,
  mul,
  sigmoid,
  sub,
  takeAlongAxis,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import { onlyRealKeys } from '../../biases/only-real.ts'
import { keyPositions, queryPositions } from '../../pair-positions.ts'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

export interface CopeOptions {
  /** Keys that are farther away than this share the last embedding; 63 unless said, in counted positions. */
  readonly maximumPosition?: number
}

/**
 * Counts positions by content: a query decides by a gate, the sigmoid of its score, which keys count, and a key is as far away as
 * gates add up from it to the query, both included. Embeddings of whole positions, one for all heads, are
 * mixed for those between, and their products with the query are added, without a scale as in the paper's code. Without
 * `causal`, keys to the right are counted in the same way. Keys that `padding` fills up are not counted.
 *
 * Gates are those of the scores so far: put it before other biases.
 *
 * @example
 * compose([scaledDot(), cope(), causal()])
 */
export function cope(options: CopeOptions = {}): AttentionPart {
  const { maximumPosition = 63 } = options
  checkOptions('cope', { maximumPosition }, wholeFrom(1))
  return {
    name: 'cope',
    source:
      "Golovneva et al. 2024, Contextual Position Encoding: Learning to Count What's Important, and its code (arXiv 2405.18719)",
    about: {
      year: 2024,
      formula: 'S = q·k / √d + q·e[p], p = Σ sigmoid(q·k[l] / √d) over l from j to i',
      use: 'Counting words or sentences instead of tokens.',
    },
    options,
    positional: true,
    countsOn: ['scoreMaps', 'keyColumns'],
    parameters: {
      embeddings: {
        owner: 'attention',
        shape: ({ headSize }) => [maximumPosition + 1, headSize],
        initializer: zeros(),
      },
    },
    bias(context, scores, query) {
      const position = minimum(countedPositions(context, scores), maximumPosition)
      const products = matmul(query, transpose(context.parameter('embeddings')))
      const below = floor(position)
      const index = cast(below, 'int32')
      const low = takeAlongAxis(products, index)
      const high = takeAlongAxis(products, clamp(add(index, 1), { max: maximumPosition }))
      return add(scores, add(low, mul(sub(high, low), sub(position, below))))
    },
  }
}

/** `[batch, heads, query, key]`, from 0 on. */
function countedPositions(context: AttentionContext, scores: Tensor): Tensor {
  const gates = onlyRealKeys(context, sigmoid(scores))
  const [queries, keys] = [queryPositions(context), keyPositions(context)]
  const behind = lessEqual(keys, queries)
  const left = cumsum(where(behind, gates, 0), { axis: 3, reverse: true })
  if (context.causal) return left
  const right = cumsum(where(greaterEqual(keys, queries), gates, 0), { axis: 3 })
  return where(behind, left, right)
}
