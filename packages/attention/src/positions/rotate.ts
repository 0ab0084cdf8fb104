import { add, concat, mul, reshape, slice, stack, sub, type Tensor } from '@qkv/tensor'

/**
 * Which two columns turn together: `halves` pairs column `i` with `i + rotarySize / 2` (GPT-NeoX, LLaMA in
 * Transformers), `neighbors` pairs `2i` with `2i + 1` (the paper). Weights trained with one do not fit the other.
 */
export type RotaryPairing = 'halves' | 'neighbors'

export const rotaryPairings: readonly RotaryPairing[] = ['halves', 'neighbors']

/**
 * Turns pairs of columns of `x` `[..., length, headSize]` by angles whose cosines and sines are `[length, pairs]`;
 * columns from `2 * pairs` on stay as they are.
 *
 * @example
 * const turned = rotate(query, cosines, sines, 'halves') // [batch, heads, query, headSize]
 */
export function rotate(x: Tensor, cosines: Tensor, sines: Tensor, pairing: RotaryPairing): Tensor {
  return x.device.scoped(() => {
    const pairs = cosines.shape[1]!
    const columns = (start: number, size: number): Tensor =>
      slice(x, [...x.shape.slice(1).map(() => ({})), { start, size }])
    const untouched = columns(2 * pairs, x.shape.at(-1)! - 2 * pairs)
    const turn = (a: Tensor, b: Tensor): readonly [Tensor, Tensor] => [
      sub(mul(a, cosines), mul(b, sines)),
      add(mul(b, cosines), mul(a, sines)),
    ]
    if (pairing === 'halves') {
      return concat([...turn(columns(0, pairs), columns(pairs, pairs)), untouched], { axis: -1 })
    }
    const lead = x.shape.slice(0, -1)
    const paired = reshape(columns(0, 2 * pairs), [...lead, pairs, 2])
    const member = (start: number): Tensor =>
      reshape(slice(paired, [...paired.shape.slice(1).map(() => ({})), { start, size: 1 }]), [...lead, pairs])
    const turned = reshape(stack(turn(member(0), member(1)), { axis: -1 }), [...lead, 2 * pairs])
    return concat([turned, untouched], { axis: -1 })
  })
}
