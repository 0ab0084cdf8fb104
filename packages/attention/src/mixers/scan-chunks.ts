import { concat, slice, type Tensor } from '@qkv/tensor'

/** A stretch of positions worked on at once. */
export interface ChunkResult<State> {
  /** `[batch, heads, size, valueSize]` */
  readonly output: Tensor
  /** After the last position of the stretch. */
  readonly state: State
}

/**
 * Goes over positions in stretches of `chunkLength`, from state to state. `step` gets a function that takes its stretch
 * of any `[batch, heads, length, ...]`.
 */
export function scanChunks<State>(
  sizes: { readonly length: number; readonly chunkLength: number },
  initial: State,
  step: (rows: (x: Tensor) => Tensor, state: State) => ChunkResult<State>,
): ChunkResult<State> {
  const { length, chunkLength } = sizes
  let state = initial
  const outputs: Tensor[] = []
  for (let start = 0; start < length; start += chunkLength) {
    const size = Math.min(chunkLength, length - start)
    const chunk = step((x) => slice(x, [{}, {}, { start, size }]), state)
    outputs.push(chunk.output)
    state = chunk.state
  }
  return { output: outputs.length === 1 ? outputs[0]! : concat(outputs, { axis: 2 }), state }
}
