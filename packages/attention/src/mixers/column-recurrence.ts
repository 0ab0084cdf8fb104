import {
  add,
  cumsum,
  exp,
  matmul,
  mul,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import { behindOrAt, emptyState, type LinearRecurrenceInputs } from './linear-recurrence.ts'
import { type ChunkResult, scanChunks } from './scan-chunks.ts'

/** Short: within a chunk there is a factor for each pair of positions and column. */
const chunkLength = 16

/**
 * `linearRecurrence` with a decay for each column of the keys: `logDecay` is `[batch, heads, length, keySize]`, and
 * `S_t = diag(exp(g_t)) S_(t-1) + k_t v_t'`. Only differences of running sums that are 0 or less are exponents, so that nothing
 * overflows however fast a column fades.
 *
 * Source: Yang et al. 2023, Gated Linear Attention Transformers with Hardware-Efficient Training, section 4 (secondary chunks in logarithms, here for all).
 */
export function columnRecurrence(
  inputs: LinearRecurrenceInputs & { readonly logDecay: Tensor },
): ChunkResult<Tensor> {
  const { query, key, value, logDecay } = inputs
  return scanChunks({ length: query.shape[2]!, chunkLength }, emptyState(inputs), (rows, state) =>
    chunkOf(rows(query), rows(key), rows(value), rows(logDecay), state),
  )
}

function chunkOf(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  logDecay: Tensor,
  state: Tensor,
): ChunkResult<Tensor> {
  const [batch, heads, size, keySize] = query.shape as [number, number, number, number]
  const left = cumsum(logDecay, { axis: 2 })
  const asRows = (x: Tensor): Tensor => reshape(x, [batch, heads, size, 1, keySize])
  const asColumns = (x: Tensor): Tensor => reshape(x, [batch, heads, 1, size, keySize])
  const behind = reshape(behindOrAt(query.device, size), [size, size, 1])
  const decay = exp(where(behind, sub(asRows(left), asColumns(left)), -Infinity))
  const scores = sum(mul(mul(asRows(query), asColumns(key)), decay), { axis: -1 })
  const output = add(matmul(mul(query, exp(left)), state), matmul(scores, value))
  const last = slice(left, [{}, {}, { start: -1 }])
  const faded = mul(key, exp(sub(last, left)))
  return { output, state: add(mul(state, exp(transpose(last))), matmul(transpose(faded), value)) }
}
