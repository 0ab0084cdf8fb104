import {
  add,
  cumsum,
  type Device,
  exp,
  full,
  iota,
  lessEqual,
  matmul,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import { type ChunkResult, scanChunks } from './scan-chunks.ts'

/** Positions that are worked on with a score matrix among themselves: the square of it is small, and products are large enough. */
export const chunkLength = 64

/** What is added up over positions, and how it fades. */
export interface LinearRecurrenceInputs {
  /** `[batch, heads, length, keySize]` */
  readonly query: Tensor
  readonly key: Tensor
  /** `[batch, heads, length, valueSize]` */
  readonly value: Tensor
  /** Logarithm of what is left of the state at each position, finite, 0 or less: `[batch, heads, length]`; nothing fades unless said. */
  readonly logDecay?: Tensor | undefined
  /** `[batch, heads, keySize, valueSize]` after earlier positions; zeros unless said. */
  readonly state?: Tensor | undefined
}

/**
 * Each position's query times a state that keys and values are added to: `S_t = exp(g_t) S_(t-1) + k_t v_t'`, `o_t = q_t S_t`.
 * Computed in chunks, so that time and memory grow with the length.
 *
 * Source: Yang et al. 2023, Gated Linear Attention Transformers with Hardware-Efficient Training, section 4 (the chunkwise form); Sun et al. 2023, Retentive Network,
 * section 2.2.
 */
export function linearRecurrence(inputs: LinearRecurrenceInputs): ChunkResult<Tensor> {
  const { query, key, value, logDecay } = inputs
  return scanChunks({ length: query.shape[2]!, chunkLength }, emptyState(inputs), (rows, state) =>
    recurrenceChunk(rows(query), rows(key), rows(value), logDecay && rows(logDecay), state),
  )
}

/** The state before any position. */
export function emptyState({ query, value, state }: LinearRecurrenceInputs): Tensor {
  const [batch, heads, , keySize] = query.shape as [number, number, number, number]
  return state ?? full(query.device, [batch, heads, keySize, value.shape[3]!], 0)
}

/** All positions of one chunk at once. */
export function recurrenceChunk(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  logDecay: Tensor | undefined,
  state: Tensor,
): ChunkResult<Tensor> {
  const scores = matmul(query, transpose(key))
  if (!logDecay) {
    const behind = behindOrAt(query.device, query.shape[2]!)
    const output = add(matmul(query, state), matmul(where(behind, scores, 0), value))
    return { output, state: add(state, matmul(transpose(key), value)) }
  }
  const { rows, decay } = fadingOf(logDecay)
  const last = slice(rows, [{}, {}, { start: -1 }])
  const output = add(mul(matmul(query, state), exp(rows)), matmul(mul(scores, decay), value))
  const faded = mul(key, exp(sub(last, rows)))
  return { output, state: add(mul(state, exp(last)), matmul(transpose(faded), value)) }
}

/**
 * What is left after each position of a chunk: of the state before it, as a logarithm `rows` `[batch, heads, size, 1]`, and of
 * what came in at each position of it, `decay` `[batch, heads, size, size]`, zeros for later positions.
 */
export function fadingOf(logDecay: Tensor): { readonly rows: Tensor; readonly decay: Tensor } {
  const [batch, heads, size] = logDecay.shape as [number, number, number]
  const left = cumsum(logDecay, { axis: 2 })
  const rows = reshape(left, [batch, heads, size, 1])
  const columns = reshape(left, [batch, heads, 1, size])
  // Masked before the exponential: it would overflow ahead of the diagonal.
  const decay = exp(where(behindOrAt(logDecay.device, size), sub(rows, columns), -Infinity))
  return { rows, decay }
}

/** `bool` `[size, size]`: whether the column's position is not after the row's. */
export function behindOrAt(device: Device, size: number): Tensor {
  return lessEqual(iota(device, [1, size], { axis: 1 }), iota(device, [size, 1], { axis: 0 }))
}
