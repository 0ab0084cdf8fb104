import {
  broadcastTo,
  type Device,
  linear,
  linearOp,
  matmul,
  mul,
  reshape,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numbers } from '../testing/arbitraries.ts'
import { compare, compareOp, type Numbers, type Tolerance, toTensor } from '../testing/compare.ts'

/** Sums of up to 17 products of numbers up to 4, in doubles and in float32. */
const tolerance: Tolerance = { none: 2e-6, simd: 17 * 16 * 2 ** -23 }

/** Lengths around the sizes of tiles, and none. */
const lengths = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 17)

const operands = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }), lengths, lengths, lengths)
  .chain(([lead, rows, inner, columns]) =>
    fc.tuple(numbers([...lead, rows, inner]), numbers([...lead, inner, columns])),
  )

/** A tensor that reads like `x`, but whose last two axes lie the other way round in memory. */
function storedTransposed(device: Device, { shape, values }: Numbers): Tensor {
  const dense = toTensor(device, { shape, values })
  const turned = transpose(dense)
  return transpose(mul(turned, 1))
}

test('NN, NT, TN and TT give the same product', () => {
  fc.assert(
    fc.property(operands, fc.boolean(), fc.boolean(), ([a, b], turnA, turnB) => {
      const program = (device: Device): readonly Tensor[] => [
        matmul(
          turnA ? storedTransposed(device, a) : toTensor(device, a),
          turnB ? storedTransposed(device, b) : toTensor(device, b),
        ),
      ]
      expect(compare(program, tolerance)).toBeNull()
    }),
    { numRuns: 200 },
  )
})

test('a matrix that is broadcast over the batch is read where it lies', () => {
  const a = { shape: [3, 5, 4], values: [1, -2, 3, 0.5, 7] }
  const b = { shape: [1, 4, 6], values: [2, 1, -1, 4] }
  const program = (device: Device): readonly Tensor[] => [
    matmul(toTensor(device, a), broadcastTo(toTensor(device, b), [3, 4, 6])),
  ]
  expect(compare(program)).toBeNull()
})

test('products larger than a block of packed columns', () => {
  const a = { shape: [6, 4100], values: [0.25, -1, 0.5, 2, -0.75] }
  const b = { shape: [4100, 23], values: [1, 0.5, -0.25, 0.125, 3, -2, 1.5] }
  expect(compare((device) => [matmul(toTensor(device, a), toTensor(device, b))], 1e-4)).toBeNull()
})

test('linear with and without bias, from single vectors to many rows', () => {
  const cases = fc
    .tuple(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 2 }), lengths, lengths)
    .chain(([lead, inner, out]) => fc.tuple(numbers([...lead, inner]), numbers([out, inner]), numbers([out])))
  fc.assert(
    fc.property(cases, fc.boolean(), ([x, weight, bias], biased) => {
      expect(compareOp(linearOp, biased ? [x, weight, bias] : [x, weight], {}, [], tolerance)).toBeNull()
    }),
    { numRuns: 200 },
  )
})

test('linear on heads that were merged from strided ones', () => {
  const x = { shape: [2, 3, 4, 5], values: [1, 2, -3, 0.5, 4, -1, 7] }
  const weight = { shape: [3, 15], values: [0.5, -1, 2] }
  const program = (device: Device): readonly Tensor[] => {
    const merged = reshape(transpose(toTensor(device, x), { order: [0, 2, 1, 3] }), [2, 4, 15])
    return [linear(merged, toTensor(device, weight))]
  }
  expect(compare(program)).toBeNull()
})
