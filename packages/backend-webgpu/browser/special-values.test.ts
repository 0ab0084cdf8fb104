import {
  argmax,
  cast,
  ceil,
  cos,
  Device,
  div,
  equal,
  erf,
  exp,
  expm1,
  floor,
  full,
  gelu,
  less,
  log,
  log1p,
  max,
  maximum,
  minimum,
  neg,
  notEqual,
  pow,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  sqrt,
  tanh,
  type Tensor,
  topK,
  where,
} from '@qkv/tensor'
import { afterAll, expect, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'
import { compareWithReference } from '@qkv/tensor/conformance'

const device = new Device(await createWebGpuBackend())
afterAll(() => device.dispose())

const special = [
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
  3e38,
  -3e38,
  1e-30,
  Infinity,
  -Infinity,
  NaN,
].map(Math.fround)

test.each([
  [ceil, exp, expm1, floor, gelu, neg],
  [relu, round, sigmoid, sign, sqrt, tanh],
  [log, log1p, erf],
])('functions of NaN, infinities and zeros', async (...functions) => {
  const program = (device: Device): readonly Tensor[] =>
    functions.map((operation) => operation(device.tensor(special)))
  expect(await compareWithReference(device, program, 1e-6)).toBeNull()
})

test('pairs of NaN, infinities and zeros', async () => {
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const))
  const program = (device: Device): readonly Tensor[] => {
    const [a, b] = [0, 1].map((side) => device.tensor(pairs.map((pair) => pair[side]!))) as [Tensor, Tensor]
    const bools = [equal(a, b), less(a, b), notEqual(a, b)]
    return [maximum(a, b), minimum(a, b), ...bools, where(less(a, b), a, b)]
  }
  expect(await compareWithReference(device, program, 0)).toBeNull()
})

test('powers of special numbers', async () => {
  const numbers = [0, -0, 1, -1, 2, -2, 0.5, -3, 3, 2.5, 1e10, Infinity, -Infinity, NaN]
  const program = (device: Device): readonly Tensor[] => {
    const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const))
    const [a, b] = [0, 1].map((side) => device.tensor(pairs.map((pair) => pair[side]!))) as [Tensor, Tensor]
    // Above float32 the reference in doubles is still finite.
    const power = pow(a, b)
    return [where(less(power, 1e30), power, full(device, power.shape, 0))]
  }
  expect(await compareWithReference(device, program, 1e-5)).toBeNull()
})

test('functions are accurate over their ranges', async () => {
  const range = (low: number, high: number): number[] =>
    Array.from({ length: 2000 }, (_, index) => Math.fround(low + ((high - low) * index) / 1999))
  const program = (device: Device): readonly Tensor[] => [
    exp(device.tensor(range(-87, 20))),
    log(device.tensor(range(1e-5, 50))),
    sin(device.tensor(range(-60, 60))),
    cos(device.tensor(range(-5000, 5000))),
    tanh(device.tensor(range(-12, 12))),
    erf(device.tensor(range(-5, 5))),
    expm1(device.tensor(range(-1, 1))),
    log1p(device.tensor(range(-0.9, 2))),
  ]
  expect(await compareWithReference(device, program, 1e-6)).toBeNull()
})

test('maxima and orders with NaN, and conversions that wrap', async () => {
  const program = (device: Device): readonly Tensor[] => {
    const x = device.tensor([1, NaN, 3, Infinity, -0, 0, NaN, -Infinity])
    const { values, indices } = topK(x, { k: 8 })
    const large = device.tensor([1e9, -3e9, 2 ** 31, 2 ** 33 + 4096, -1.9, NaN, Infinity, 2 ** 70])
    return [max(x), argmax(x), values, indices, cast(large, 'int32'), cast(x, 'bool')]
  }
  expect(await compareWithReference(device, program, 0)).toBeNull()
})

test('divisions by zero', async () => {
  const program = (device: Device): readonly Tensor[] => [
    div(device.tensor([1, -1, 0]), device.tensor([0, 0, 0])),
  ]
  expect(await compareWithReference(device, program, 0)).toBeNull()
})
