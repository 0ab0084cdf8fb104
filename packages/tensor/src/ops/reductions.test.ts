import { describe, expect, test } from 'vitest'
import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import type { Tensor } from '../tensor.ts'
import { zeros } from './full.ts'
import { logSumExp } from './log-sum-exp.ts'
import { mean } from './mean.ts'
import { min } from './min.ts'
import { norm } from './norm.ts'
import { prod } from './prod.ts'
import { standardDeviation } from './standard-deviation.ts'
import { variance } from './variance.ts'

const device = new Device(createReferenceBackend())
const gradientOf = (compute: (x: Tensor) => Tensor, data: readonly number[]): readonly number[] => {
  const x = device.tensor(data)
  return [...valueAndGrad(() => compute(x), [x]).gradients[0]!.readSync()]
}

describe('norm', () => {
  const x = device.tensor([
    [3, -4],
    [0, 2],
  ])
  test.each([
    [undefined, [5, 2]],
    [1, [7, 2]],
    [Infinity, [4, 2]],
    [3, [91 ** (1 / 3), 2]],
  ])('of order %s', (order, expected) => {
    const lengths = norm(x, { axis: 1, ...(order !== undefined && { order }) })
    expect([...lengths.readSync()]).toEqual(expected.map((length) => expect.closeTo(length, 5)))
  })

  test('has the gradient 0 at length 0', () => {
    expect(gradientOf((y) => norm(y), [0, 0])).toEqual([0, 0])
  })

  test('refuses an order that is not positive', () => {
    expect(() => norm(x, { order: 0 })).toThrow("norm: 'order' is 0, expected a positive number or Infinity")
  })
})

describe('logSumExp', () => {
  test('survives rows of infinities', () => {
    const x = device.tensor([
      [-Infinity, -Infinity],
      [Infinity, 0],
      [-Infinity, 3],
    ])
    expect([...logSumExp(x, { axis: 1 }).readSync()]).toEqual([-Infinity, Infinity, 3])
    expect(gradientOf((y) => logSumExp(y), [-Infinity, -Infinity])).toEqual([0, 0])
  })
})

describe('variance', () => {
  test('does not cancel far from zero', () => {
    const x = device.tensor([1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3])
    expect(variance(x).readSync()[0]).toBeCloseTo(5 / 3, 6)
    expect(variance(x, { correction: 0 }).readSync()[0]).toBeCloseTo(1.25, 6)
    expect(standardDeviation(x, { correction: 0 }).readSync()[0]).toBeCloseTo(Math.sqrt(1.25), 6)
  })

  test('of one element is NaN for a sample, 0 for all there is', () => {
    const x = device.tensor([5])
    expect(variance(x).readSync()[0]).toBeNaN()
    expect(variance(x, { correction: 0 }).readSync()[0]).toBe(0)
  })
})

describe('prod', () => {
  test('has the right gradient beside zeros', () => {
    expect(gradientOf((x) => prod(x), [2, 0, 5])).toEqual([0, 10, 0])
    expect(gradientOf((x) => prod(x), [0, 0, 5])).toEqual([0, 0, 0])
  })

  test('of nothing is 1', () => {
    expect(prod(zeros(device, [0])).readSync()[0]).toBe(1)
  })
})

test('the mean of nothing is NaN, its smallest element an error', () => {
  expect(mean(zeros(device, [0])).readSync()[0]).toBeNaN()
  expect(() => min(zeros(device, [0]))).toThrow('has shape [0], empty along a reduced axis')
})

test('NaN wins over every minimum', () => {
  expect(min(device.tensor([1, NaN, -1])).readSync()[0]).toBeNaN()
})
