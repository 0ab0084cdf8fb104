import {
  add,
  concat,
  cumsum,
  exp,
  full,
  lessEqual,
  iota,
  matmul,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'

/** Positions that are worked on with a score matrix among themselves: the square of it is small, and products are large enough. */
const chunkLength = 64

/** What is added up over positions, and how it fades. */
export interface LinearRecurrenceInputs {
  /** `[batch, heads, length, keySize]` */
  readonly query: Tensor
  readonly key: Tensor
  /** `[batch, heads, length, valueSize]` */
  readonly value: Tensor
  /** Logarithm of what is left of the state at each position, 0 or less: `[batch, heads, length]`; nothing fades unless said. */
  readonly logDecay?: Tensor
  /** `[batch, heads, keySize, valueSize]` after earlier positions; zeros unless said. */
  readonly state?: Tensor | undefined
}

/**
 * Each position's query times a state that keys and values are added to: `S_t = exp(g_t) S_(t-1) + k_t v_t'`, `o_t = q_t S_t`.
 * Computed in chunks, so that time and memory grow with the length.
 *
 * Source: Yang et al. 2023, Gated Linear Attention, section 4.1 (the chunkwise form); Sun et al. 2023, RetNet, equation 7.
 */
export function linearRecurrence(inputs: LinearRecurrenceInputs): {
  readonly output: Tensor
  readonly state: Tensor
} {
  const { query, key, value, logDecay } = inputs
  const [batch, heads, length, keySize] = query.shape as [number, number, number, number]
  const valueSize = value.shape[3]!
  let state = inputs.state ?? full(query.device, [batch, heads, keySize, valueSize], 0)
  const outputs: Tensor[] = []
  for (let start = 0; start < length; start += chunkLength) {
    const size = Math.min(chunkLength, length - start)
    const rows = (x: Tensor): Tensor => slice(x, [{}, {}, { start, size }])
    const chunk = chunkOf(rows(query), rows(key), rows(value), logDecay && rows(logDecay), state)
    outputs.push(chunk.output)
    state = chunk.state
  }
  return { output: outputs.length === 1 ? outputs[0]! : concat(outputs, { axis: 2 }), state }
}

function chunkOf(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  logDecay: Tensor | undefined,
  state: Tensor,
): { readonly output: Tensor; readonly state: Tensor } {
  const { device } = query
  const [batch, heads, size] = query.shape as [number, number, number]
  const behind = lessEqual(iota(device, [1, size], { axis: 1 }), iota(device, [size, 1], { axis: 0 }))
  const scores = matmul(query, transpose(key))
  if (!logDecay) {
    const output = add(matmul(query, state), matmul(where(behind, scores, 0), value))
    return { output, state: add(state, matmul(transpose(key), value)) }
  }
  // What is left, after each position, of the state before the chunk.
  const left = cumsum(logDecay, { axis: 2 })
  const rows = reshape(left, [batch, heads, size, 1])
  const columns = reshape(left, [batch, heads, 1, size])
  const last = slice(rows, [{}, {}, { start: size - 1, size: 1 }])
  // Masked before the exponential: it would overflow ahead of the diagonal.
  const decay = exp(where(behind, sub(rows, columns), -Infinity))
  const output = add(mul(matmul(query, state), exp(rows)), matmul(mul(scores, decay), value))
  const faded = mul(key, exp(sub(last, rows)))
  return { output, state: add(mul(state, exp(last)), matmul(transpose(faded), value)) }
}
