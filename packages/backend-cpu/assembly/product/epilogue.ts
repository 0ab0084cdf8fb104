import { gelu, geluTanh, relu, silu } from '../map'

/** The activations that a product applies to its result while that is still in the cache; 0 is none. */
const RELU: i32 = 1
const GELU: i32 = 2
const GELU_TANH: i32 = 3
const SILU: i32 = 4

/** Applies an activation in place to a block of a matrix; `scratch` has room for a vector. */
export function activateBlock(
  activation: i32,
  block: usize,
  rowBytes: usize,
  rows: i32,
  columns: i32,
  scratch: usize,
): void {
  const vectors = columns >> 2
  const rest = <usize>(columns & 3) << 2
  for (; rows > 0; --rows) {
    activate(activation, vectors, block)
    if (rest) {
      // What lies beyond belongs to others.
      const end = block + ((<usize>vectors) << 4)
      memory.copy(scratch, end, rest)
      activate(activation, 1, scratch)
      memory.copy(end, scratch, rest)
    }
    block += rowBytes
  }
}

function activate(activation: i32, vectors: i32, place: usize): void {
  if (activation == RELU) relu(0, vectors, place, place)
  else if (activation == GELU) gelu(0, vectors, place, place)
  else if (activation == GELU_TANH) geluTanh(0, vectors, place, place)
  else if (activation == SILU) silu(0, vectors, place, place)
}
