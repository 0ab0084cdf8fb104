import { conv2d, lessEqual, pad, reshape, type Tensor, where } from '@qkv/tensor'
import { onlyRealKeys, onlyRealQueries } from '../../biases/only-real.ts'
import { keyPositions, queryPositions } from '../../pair-positions.ts'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

export interface MultiTokenOptions {
  /** Queries that are looked at together, the last one and those before it; 6 unless said. */
  readonly queries?: number
  /** Neighbouring keys that are looked at together, as many on both sides; 11 unless said. */
  readonly keys?: number
}

/**
 * Multi-token attention: a small window of scores, of some queries up to this one and of keys around a key, is weighed by a trained
 * kernel per head, so that several words together can find a place. With `causal`, scores of keys that come after
 * their own query are left out of the window, as are, with `padding`, filled-up keys and filled-up queries of the same input. Kernels
 * begin as the identity. Other masks do not reach into the window.
 *
 * @example
 * compose([scaledDot(), multiToken({ queries: 6, keys: 11 }), causal()])
 */
export function multiToken(options: MultiTokenOptions = {}): AttentionPart {
  const { queries = 6, keys = 11 } = options
  checkOptions('multi-token', { queries, keys }, wholeFrom(1))
  // A window of an even number of keys reaches one further to the right.
  const before = Math.ceil(keys / 2) - 1
  return {
    name: 'multi-token',
    source: 'Golovneva et al. 2025, Multi-Token Attention, section 3.1 (arXiv 2504.00927)',
    about: {
      year: 2025,
      formula: "S'[i, j] = Σ θ[a, b]·S[i - a, j - b], without keys after their query",
      use: 'Finding what only several words together say.',
    },
    options,
    positional: true,
    cacheable: false,
    excludes: { document: 'its window of scores reaches over the borders of documents' },
    parameters: {
      kernel: {
        owner: 'attention',
        shape: ({ heads }) => [heads, queries, keys],
        initializer({ device }, shape) {
          const [heads, rows, columns] = shape as [number, number, number]
          const values = new Float32Array(heads * rows * columns)
          for (let head = 0; head < heads; head++) {
            values[(head * rows + rows - 1) * columns + before] = 1
          }
          return device.tensor(values, { shape })
        },
      },
    },
    bias(context, scores) {
      const window = pad(withoutHidden(context, scores), {
        before: [0, 0, queries - 1, before],
        after: [0, 0, 0, keys - 1 - before],
      })
      const kernel = reshape(context.parameter('kernel'), [context.heads, 1, queries, keys])
      return conv2d(window, kernel, { groups: context.heads })
    },
  }
}

function withoutHidden(context: AttentionContext, scores: Tensor): Tensor {
  const seen = context.causal
    ? where(lessEqual(keyPositions(context), queryPositions(context)), scores, 0)
    : scores
  const real = onlyRealKeys(context, seen)
  // The padding is that of the keys: it says nothing of queries of another input.
  return context.queryInput === context.keyInput ? onlyRealQueries(context, real) : real
}
