import { abs, add, type Device, iota, mul, neg, sub, type Tensor } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'

/**
 * How fast each head forgets: a geometric sequence from `2^(-8 / heads)` on for powers of two; other numbers of heads
 * fill up with every other slope of twice the next lower power.
 *
 * Source: Press et al. 2021, ALiBi, section 3, and its published code for other numbers of heads.
 *
 * @example
 * alibiSlopes(4) // [0.25, 0.0625, 0.015625, 0.00390625]
 */
export function alibiSlopes(heads: number): readonly number[] {
  const power = 2 ** Math.floor(Math.log2(heads))
  const geometric = (count: number): number[] =>
    Array.from({ length: count }, (_, head) => 2 ** ((-8 * (head + 1)) / count))
  const between = geometric(2 * power).filter((_, index) => index % 2 === 0)
  return [...geometric(power), ...between.slice(0, heads - power)]
}

/**
 * Minus the distance of each key from each query, times the slope of the head: `[heads, query, key]`. The queries
 * start at position `queryStart`.
 *
 * @example
 * const bias = alibiBias(device, { heads: 8, queryStart: 0, queryLength: 5, keyLength: 5 })
 */
export function alibiBias(
  device: Device,
  sizes: {
    readonly heads: number
    readonly queryStart: number
    readonly queryLength: number
    readonly keyLength: number
  },
): Tensor {
  const { heads, queryStart, queryLength, keyLength } = sizes
  return device.scoped(() => {
    const queries = iota(device, [queryLength, 1], { axis: 0, start: queryStart, dtype: 'float32' })
    const keys = iota(device, [1, keyLength], { axis: 1, dtype: 'float32' })
    const slopes = device.tensor(alibiSlopes(heads), { shape: [heads, 1, 1] })
    return mul(neg(abs(sub(queries, keys))), slopes)
  })
}

/**
 * Lowers the score of a key in proportion to its distance; nothing is trained, and sequences may be longer than those
 * of training. Without `causal`, keys to the right count as those to the left.
 *
 * @example
 * compose([scaledDot(), alibi(), causal()])
 */
export function alibi(): AttentionPart {
  return {
    name: 'alibi',
    source:
      'Press et al. 2021, Train Short, Test Long: Attention with Linear Biases, section 3 (arXiv 2108.12409)',
    about: {
      year: 2021,
      formula: 'S = q·k / √d - slope·|i - j|, slopes 2^(-8h / heads) for heads h from 1',
      use: 'Texts longer than those of training, without position embeddings.',
    },
    positional: true,
    countsOn: ['scoreMaps'],
    fused: { bias: (context) => alibiBias(context.device, context) },
    bias: (context, scores) => add(scores, alibiBias(context.device, context)),
  }
}
