import {
  broadcastTo,
  type Device,
  exp,
  matmul,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import {
  chunkLength,
  emptyState,
  fadingOf,
  type LinearRecurrenceInputs,
  recurrenceChunk,
} from './linear-recurrence.ts'
import { type ChunkResult, scanChunks } from './scan-chunks.ts'

/** `beta` `[batch, heads, length]`: how much of what a key had stored is replaced. */
export type DeltaRecurrenceInputs = LinearRecurrenceInputs & { readonly beta: Tensor }

/**
 * A state that overwrites what it held under a key: `S_t = a_t (I - b_t k_t k_t') S_(t-1) + b_t k_t v_t'`, `o_t = q_t S_t` with
 * `a = exp(logDecay)`. What each position adds, `u_t = b_t (v_t - a_t k_t' S_(t-1))`, solves a triangular system in each chunk;
 * with it the state is that of `linearRecurrence`.
 *
 * Source: Yang et al. 2024, Parallelizing Linear Transformers with the Delta Rule over Sequence Length; with decay
 * Yang et al. 2024, Gated Delta Networks, section 3.
 */
export function deltaRecurrence(inputs: DeltaRecurrenceInputs): ChunkResult<Tensor> {
  const { query, key, value, beta, logDecay } = inputs
  const length = query.shape[2]!
  const invert = inverterOf(query.device, Math.min(length, chunkLength))
  return scanChunks({ length, chunkLength }, emptyState(inputs), (rows, state) => {
    const fading = logDecay && rows(logDecay)
    const system = systemOf(rows(key), rows(value), rows(beta), fading, state)
    const added = matmul(invert(system.overlaps), system.wanted)
    return recurrenceChunk(rows(query), rows(key), added, fading, state)
  })
}

/** `(I + overlaps below the diagonal) u = wanted`. */
function systemOf(
  key: Tensor,
  value: Tensor,
  beta: Tensor,
  logDecay: Tensor | undefined,
  state: Tensor,
): { readonly overlaps: Tensor; readonly wanted: Tensor } {
  const [batch, heads, size] = beta.shape as [number, number, number]
  const strength = reshape(beta, [batch, heads, size, 1])
  const products = matmul(key, transpose(key))
  const remembered = matmul(key, state)
  const fading = logDecay && fadingOf(logDecay)
  return {
    overlaps: mul(fading ? mul(products, fading.decay) : products, strength),
    wanted: mul(sub(value, fading ? mul(remembered, exp(fading.rows)) : remembered), strength),
  }
}

/**
 * Inverts the identity plus what is below the diagonal of `[..., size, size]`, up to the largest size given. Blocks of the diagonal are
 * inverted, two by two: `[A 0; B D]` has the inverse `[A' 0; -D' B A' D']`. As exact as substitution row by row, in
 * logarithmically many products.
 */
function inverterOf(device: Device, largest: number): (matrix: Tensor) => Tensor {
  const identity = device.tensor(
    Float32Array.from({ length: largest ** 2 }, (_, index) => Number(index % (largest + 1) === 0)),
    { shape: [largest, largest] },
  )
  const blocks: { readonly block: number; readonly mask: Tensor }[] = []
  for (let block = 1; block < largest; block *= 2)
    blocks.push({ block, mask: lowerHalves(device, largest, block) })
  return (matrix) => {
    const size = matrix.shape.at(-1)!
    const corner = (x: Tensor): Tensor => (size === largest ? x : slice(x, [{ size }, { size }]))
    let inverse = broadcastTo(corner(identity), matrix.shape)
    for (const { block, mask } of blocks) {
      if (block >= size) break
      const below = where(corner(mask), matrix, 0)
      inverse = sub(inverse, matmul(matmul(inverse, below), inverse))
    }
    return inverse
  }
}

/** `bool` `[size, size]`: rows of the second, columns of the first block of each pair of blocks. */
function lowerHalves(device: Device, size: number, block: number): Tensor {
  const half = (index: number): number => Math.floor(index / block)
  const values = new Uint8Array(size * size)
  for (let row = 0; row < size; row++) {
    if (half(row) % 2 === 0) continue
    for (let column = 0; column < size; column++) {
      values[row * size + column] = Number(half(column) === half(row) - 1)
    }
  }
  return device.tensor(values, { shape: [size, size], dtype: 'bool' })
}
