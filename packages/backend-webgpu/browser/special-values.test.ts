import {
  cos,
  createReferenceBackend,
  Device,
  erf,
  exp,
  expm1,
  full,
  less,
  log,
  log1p,
  pow,
  round,
  sign,
  sin,
  tanh,
  type Tensor,
  where,
} from '@qkv/tensor'
import { afterAll, expect, test } from 'vitest'
import { compareWithReference, specialPrograms } from '@qkv/tensor/conformance'
import { createWebGpuBackend, relativeTolerance } from '../src/index.ts'

const device = new Device(await createWebGpuBackend())
afterAll(() => device.dispose())

/** In float32: what is too large for it is infinite there too. */
const truth = new Device(createReferenceBackend())

test.each(Object.entries(specialPrograms))('%s of special values', async (_, program) => {
  expect(await compareWithReference(device, program, relativeTolerance, truth)).toBeNull()
})

test.each(Object.entries({ expm1, log1p, round, sign }))(
  '%s of NaN, infinities and zeros',
  async (_, operation) => {
    const program = (device: Device): readonly Tensor[] => [
      operation(device.tensor([0, -0, 0.5, -0.5, 1.5, 2.5, -2.5, 80, Infinity, -Infinity, NaN])),
    ]
    expect(await compareWithReference(device, program, relativeTolerance, truth)).toBeNull()
  },
)

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
