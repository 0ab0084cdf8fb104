import type { Device } from '../device.ts'
import type { PrimitiveOp } from '../op.ts'
import { randomWords } from '../random/random-words.ts'
import type { RandomKey } from '../random/random-stream.ts'
import { checkShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

const word = 2 ** 24

/** Elements `2i` and `2i + 1` are the two words of counter `i` under the key in the scalars. */
export const randomUniformOp: PrimitiveOp<{ readonly shape: readonly number[] }> = {
  name: 'qkv/randomUniform',
  kind: 'primitive',
  source: 'Widynski 2020, Squares: a fast counter-based RNG; see random/random-words.ts',
  infer(_, { shape }) {
    checkShape('randomUniform', shape)
    return [{ shape, dtype: 'float32' }]
  },
  reference({ outputs: [out], scalars: [low, high] }) {
    const { data } = out!
    for (let index = 0; index < data.length; index += 2) {
      const counter = index / 2
      const [first, second] = randomWords(counter % word, Math.floor(counter / word), low!, high!)
      data[index] = first / word
      if (index + 1 < data.length) data[index + 1] = second / word
    }
  },
  samples: [
    { inputs: [], attrs: { shape: [3, 5] }, scalars: [1, 2] },
    { inputs: [], attrs: { shape: [] }, scalars: [123456, 7] },
  ],
}

/**
 * Numbers from [0, 1) in steps of 2^-24, the same on every backend for the same key.
 *
 * @example
 * const keep = less(randomUniform(device, x.shape, { key: random.next() }), 0.9)
 */
export function randomUniform(
  device: Device,
  shape: readonly number[],
  options: { readonly key: RandomKey },
): Tensor {
  return device.applySingle(randomUniformOp, [], { shape }, options.key)
}
