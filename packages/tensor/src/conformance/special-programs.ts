import {
  abs,
  add,
  argmax,
  cast,
  ceil,
  cos,
  cumsum,
  div,
  equal,
  erf,
  exp,
  floor,
  gelu,
  geluTanh,
  less,
  lessEqual,
  log,
  max,
  maximum,
  min,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  reciprocal,
  relu,
  rsqrt,
  sigmoid,
  silu,
  sin,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  topK,
  where,
} from '../ops/index.ts'
import type { Device } from '../device.ts'
import type { Tensor } from '../tensor.ts'
import type { Program } from './compare-with-reference.ts'

/** Numbers at the edges of floats: zeros of both signs, the largest, NaN and infinities. */
const specialValues: Float32Array = Float32Array.of(
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -3,
  2.5,
  80,
  -80,
  100,
  -100,
  3e38,
  -3e38,
  1e-30,
  Infinity,
  -Infinity,
  NaN,
)

const unary = {
  abs,
  ceil,
  erf,
  exp,
  floor,
  gelu,
  geluTanh,
  log,
  neg,
  reciprocal,
  relu,
  rsqrt,
  sigmoid,
  silu,
  sqrt,
  square,
  tanh,
}
const binary = { maximum, minimum, equal, notEqual, less, lessEqual, pow, add, sub, mul, div }

const lists: readonly (readonly number[])[] = [
  [1, NaN, 3, Infinity, -0, 0, NaN, -Infinity],
  [-Infinity, -Infinity, -Infinity],
  [Infinity, 1, 2],
  [NaN],
  [-Infinity, 5, -Infinity],
]

/** Every pair of special values. */
function pairs(device: Device): readonly [first: Tensor, second: Tensor] {
  const values = [...specialValues]
  const all = values.flatMap((first) => values.map((second) => [first, second] as const))
  const column = (side: 0 | 1): Tensor => device.tensor(Float32Array.from(all, (pair) => pair[side]))
  return [column(0), column(1)]
}

/**
 * Programs of NaN, infinities, zeros of both signs and the largest floats, by what they call. Their truth is the reference in float32, where
 * what is too large is infinite, too.
 *
 * @example
 * test.each(Object.entries(specialPrograms))('%s', async (_, program) => {
 *   expect(await compareWithReference(device, program, 1e-5, new Device(createReferenceBackend()))).toBeNull()
 * })
 */
export const specialPrograms: Readonly<Record<string, Program>> = {
  ...Object.fromEntries(
    Object.entries(unary).map(([name, op]) => [name, (device: Device) => [op(device.tensor(specialValues))]]),
  ),
  ...Object.fromEntries(
    Object.entries(binary).map(([name, op]) => [name, (device: Device) => [op(...pairs(device))]]),
  ),
  'sin and cos'(device) {
    // Of the largest floats they have no digits left.
    const x = device.tensor(specialValues.map((value) => (Math.abs(value) === Math.fround(3e38) ? 0 : value)))
    return [sin(x), cos(x)]
  },
  where(device) {
    const x = device.tensor(specialValues)
    return [where(less(x, 1), x, neg(x))]
  },
  cast(device) {
    const whole = cast(
      device.tensor([
        1e9,
        -3e9,
        2 ** 31,
        -(2 ** 31),
        2 ** 31 - 128,
        2 ** 33 + 4096,
        2 ** 40,
        2 ** 70,
        -1.9,
        1.9,
      ]),
      'int32',
    )
    const edges = device.tensor([NaN, Infinity, -Infinity, -0])
    return [
      whole,
      cast(whole, 'float32'),
      less(whole, 0),
      cast(edges, 'int32'),
      equal(cast(edges, 'int32'), 0),
      cast(edges, 'bool'),
    ]
  },
  ...Object.fromEntries(
    lists.map((list) => [
      `along [${list.join(', ')}]`,
      (device: Device) => {
        const x = device.tensor(list)
        const { values, indices } = topK(x, { k: list.length })
        return [max(x), min(x), argmax(x), softmax(x), sum(x), cumsum(x), values, indices]
      },
    ]),
  ),
}
