import {
  Device,
  erf,
  exp,
  gelu,
  geluBackward,
  geluTanh,
  geluTanhBackward,
  sigmoid,
  silu,
  siluBackward,
  tanh,
  type Tensor,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '../index.ts'
import { builds, compare } from '../testing/compare.ts'

const grid = Float32Array.from({ length: 4001 }, (_, index) => (index - 2000) / 61)
const functions = { erf, gelu, geluTanh, sigmoid, silu, tanh } as const
const slopes = { geluBackward, geluTanhBackward, siluBackward } as const

describe('to the rounding of float32, from -33 to 33', () => {
  for (const [name, operation] of Object.entries(functions)) {
    test(`${name} agrees`, () => {
      expect(compare((device) => [operation(device.tensor(grid))], 3e-7)).toBeNull()
    })
  }
  for (const [name, operation] of Object.entries(slopes)) {
    test(`${name} agrees`, () => {
      const program = (device: Device): readonly Tensor[] => [
        operation(device.tensor(grid), device.tensor(grid)),
      ]
      expect(compare(program, { none: 3e-7, simd: 1e-6 })).toBeNull()
    })
  }
})

test('any count of numbers, whatever lies behind them', () => {
  const program = (device: Device): readonly Tensor[] =>
    Array.from({ length: 45 }, (_, length) => device.tensor(grid.slice(1990, 1990 + length))).flatMap((x) => [
      ...Object.values(functions).map((operation) => operation(x)),
      ...Object.values(slopes).map((operation) => operation(x, x)),
    ])
  expect(compare(program, 3e-7)).toBeNull()
})

test('far from zero they are what they tend to', () => {
  const far = Float32Array.of(-3e38, -1e20, -1e4, -104, -89, -60, -12, 12, 60, 89, 104, 1e4, 1e20, 3e38)
  const program = (device: Device): readonly Tensor[] => {
    const x = device.tensor(far)
    const ones = device.tensor(far.map(() => 1))
    return [
      ...Object.values(functions).map((operation) => operation(x)),
      ...Object.values(slopes).map((operation) => operation(x, ones)),
    ]
  }
  expect(compare(program, 3e-7)).toBeNull()
})

test('exp is right to the last bits of float32, and ends where float32 ends', () => {
  const inputs = Float32Array.from({ length: 5000 }, (_, index) => -87 + index * 0.0351)
  const ends = new Float32Array([-Infinity, -200, -104, 88.7, 88.8, 1000, Infinity, NaN])
  for (const simd of builds) {
    for (const list of [inputs, ends]) {
      const device = new Device(createCpuBackend({ simd }))
      const wanted = Float32Array.from(list, Math.exp)
      expect(
        mismatch(exp(device.tensor(list)).readSync(), wanted, { absolute: 0, relative: 1.3e-7 }),
      ).toBeNull()
    }
  }
})

test.each(builds)('small inputs keep their relative precision: build %s', (simd) => {
  const tiny = Float32Array.from({ length: 200 }, (_, index) => 0.1 * 1.3 ** -index)
  const device = new Device(createCpuBackend({ simd }))
  const relative = { absolute: 0, relative: 1.3e-7 }
  expect(
    mismatch(tanh(device.tensor(tiny)).readSync(), Float32Array.from(tiny, Math.tanh), relative),
  ).toBeNull()
  const series = (x: number): number =>
    (2 / Math.sqrt(Math.PI)) * (x - x ** 3 / 3 + x ** 5 / 10 - x ** 7 / 42)
  expect(mismatch(erf(device.tensor(tiny)).readSync(), Float32Array.from(tiny, series), relative)).toBeNull()
})

test('NaN and the infinities have the limits of the definition', () => {
  const special = new Float32Array([NaN, Infinity, -Infinity])
  for (const operation of Object.values(functions)) {
    expect(compare((device) => [operation(device.tensor(special))])).toBeNull()
  }
})
