import {
  add,
  broadcastTo,
  cast,
  cumsum,
  type Device,
  div,
  floor,
  iota,
  less,
  lessEqual,
  logicalAnd,
  matmul,
  max,
  mean,
  mul,
  oneHot,
  repeatKeyHeads,
  reshape,
  slice,
  sub,
  sum,
  takeAlongAxis,
  type Tensor,
  topK,
  transpose,
  unsqueeze,
  where,
} from '@qkv/tensor'
import { maskedSoftmax } from '../../attend.ts'
import { checkOptions, numberAbove, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import type { AttentionPart } from '../../part.ts'
import { seededUniform } from '../../seeded.ts'

export interface InformerOptions {
  /** `c` of the `⌈c ln(length)⌉` queries that attend, and of as many keys that each query is measured by; 5 unless said. */
  readonly factor?: number
  /** Which keys are drawn to measure queries by; 0 unless said. */
  readonly seed?: number
}

/**
 * ProbSparse attention: only the queries whose scores stand out most, by the largest score minus the mean over a few keys drawn
 * at random, attend to all keys; the others get the mean of the values. Each head chooses its own. The paper and its code divide the
 * sum over the drawn keys by the number of all keys.
 *
 * With `causal`, a query attends where it is among the `⌈c ln(position + 1)⌉` that stand out most so far, measured by keys up to its own
 * position, and the others get the mean of the values so far. The published code ranks all queries, later ones included, and
 * so lets the future decide, and gives the others the sum of the values so far. Attention is then computed for all queries.
 *
 * @example
 * compose([informer({ factor: 3 })])
 */
export function informer(options: InformerOptions = {}): AttentionPart {
  const { factor = 5, seed = 0 } = options
  checkOptions('informer', { factor }, numberAbove(0))
  checkOptions('informer', { seed }, wholeFrom(0))
  return {
    name: 'informer',
    source:
      'Zhou et al. 2020, Informer: Beyond Efficient Transformer for Long Sequence Time-Series Forecasting, on ProbSparse self-attention (arXiv 2012.07436)',
    about: {
      year: 2020,
      formula:
        'o = softmax(q·k / √d) v for the ⌈c ln n⌉ queries of largest max S - mean S, mean v for the others',
      use: 'Long time series, of which few positions matter to each other.',
    },
    options,
    cacheable: false,
    obeys: ['causal'],
    excludes: { padding: 'filled-up queries would take the place of others among those that attend' },
    buffers: {
      draws: {
        owner: 'attention',
        persistent: false,
        create({ maximumLength }) {
          const count = chosen(factor, maximumLength)
          const draws = Float32Array.from({ length: maximumLength * count }, seededUniform(seed))
          return { shape: [maximumLength, count], data: draws }
        },
      },
    },
    mix(context, query, key, value) {
      const heads = query.shape[1]!
      const keys = repeatKeyHeads(key, heads)
      const values = repeatKeyHeads(value, heads)
      const standing = sparsity(context, query, keys, factor)
      return context.causal
        ? mixCausal(query, keys, values, standing, factor)
        : mixAll(query, keys, values, standing, factor)
    },
  }
}

function chosen(factor: number, length: number): number {
  return Math.min(length, Math.max(1, Math.ceil(factor * Math.log(length))))
}

/** How much the scores of each query stand out among keys that were drawn for it: `[batch, heads, query]`. */
function sparsity(context: AttentionContext, query: Tensor, key: Tensor, factor: number): Tensor {
  const { device, causal, maximumLength } = context
  const [batch, heads, queries, size] = query.shape as [number, number, number, number]
  const length = key.shape[2]!
  checkPositions('informer', 'query', { start: 0, length: Math.max(queries, length), maximumLength })
  const count = chosen(factor, length)
  const draws = slice(context.buffer('draws'), [{ size: queries }, { size: count }])
  const available = causal ? iota(device, [queries, 1], { axis: 0, start: 1, dtype: 'float32' }) : length
  const places = reshape(cast(floor(mul(draws, available)), 'int32'), [1, 1, queries * count, 1])
  const sampled = takeAlongAxis(key, broadcastTo(places, [batch, heads, queries * count, size]), { axis: 2 })
  const columns = reshape(sampled, [batch, heads, queries, count, size])
  const scores = mul(sum(mul(unsqueeze(query, { axis: 3 }), columns), { axis: -1 }), size ** -0.5)
  return sub(max(scores, { axis: -1 }), mean(scores, { axis: -1 }))
}

function mixAll(query: Tensor, key: Tensor, value: Tensor, standing: Tensor, factor: number): Tensor {
  const queries = query.shape[2]!
  const { indices } = topK(standing, { k: chosen(factor, queries) })
  // [batch, heads, chosen, query]
  const places = oneHot(indices, { classes: queries })
  const middle = mean(value, { axis: 2, keepAxes: true })
  const attended = matmul(maskedSoftmax(scoresOf(matmul(places, query), key), undefined), value)
  return add(matmul(transpose(places), sub(attended, middle)), middle)
}

function mixCausal(query: Tensor, key: Tensor, value: Tensor, standing: Tensor, factor: number): Tensor {
  const { device } = query
  const [batch, heads, queries] = query.shape as [number, number, number]
  const behind = lessEqual(iota(device, [1, queries], { axis: 1 }), iota(device, [queries, 1], { axis: 0 }))
  const before = logicalAnd(less(unsqueeze(standing, { axis: 3 }), unsqueeze(standing, { axis: 2 })), behind)
  const rank = sum(where(before, 1, 0), { axis: -1 })
  const attends = less(rank, allowances(device, queries, factor))
  const attended = matmul(maskedSoftmax(scoresOf(query, key), behind), value)
  const counts = iota(device, [queries, 1], { axis: 0, start: 1, dtype: 'float32' })
  return where(
    reshape(attends, [batch, heads, queries, 1]),
    attended,
    div(cumsum(value, { axis: 2 }), counts),
  )
}

function allowances(device: Device, queries: number, factor: number): Tensor {
  return device.tensor(Float32Array.from({ length: queries }, (_, position) => chosen(factor, position + 1)))
}

function scoresOf(query: Tensor, key: Tensor): Tensor {
  return mul(matmul(query, transpose(key)), query.shape[3]! ** -0.5)
}
