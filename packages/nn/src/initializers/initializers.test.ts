import { createReferenceBackend, Device, RandomStream, sizeOf } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import * as initializers from './index.ts'
import type { Initializer } from './initializer.ts'

const device = new Device(createReferenceBackend())

async function draw(initializer: Initializer, shape: readonly number[], seed = 1): Promise<number[]> {
  const tensor = device.scoped(() => initializer({ device, random: new RandomStream(seed) }, shape))
  expect(tensor.shape).toEqual(shape)
  const values = [...(await tensor.read())]
  tensor.dispose()
  return values
}

interface Moments {
  readonly mean: number
  readonly variance: number
  readonly skewness: number
  /** 3 for a normal distribution. */
  readonly kurtosis: number
}

function momentsOf(values: readonly number[]): Moments {
  const central = (power: number, center: number): number =>
    values.reduce((total, value) => total + (value - center) ** power, 0) / values.length
  const mean = central(1, 0)
  const variance = central(2, mean)
  return {
    mean,
    variance,
    skewness: central(3, mean) / variance ** 1.5,
    kurtosis: central(4, mean) / variance ** 2,
  }
}

/** Largest distance between the share of values below x and the distribution function (Kolmogorov and Smirnov). */
function distributionDistance(values: readonly number[], distribution: (x: number) => number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.max(
    ...sorted.map((value, index) => Math.abs((index + 0.5) / sorted.length - distribution(value))),
  )
}

/** The normal distribution function, by Simpson's rule. */
function normalDistribution(x: number): number {
  const steps = 200
  const width = x / steps
  let total = 0
  for (let step = 0; step <= steps; step++) {
    const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2
    total += weight * Math.exp(-((step * width) ** 2) / 2)
  }
  return 0.5 + (total * width) / 3 / Math.sqrt(2 * Math.PI)
}

const shape = [200, 100]
const count = sizeOf(shape)
/** The distance that a fair sample of this size exceeds with a probability below 1e-6. */
const limit = 2.7 / Math.sqrt(count)

describe('uniform', () => {
  test.each([
    ['uniform', initializers.uniform({ low: 1, high: 3 }), 1, 3],
    [
      'xavierUniform',
      initializers.xavierUniform({ gain: 2 }),
      -2 * Math.sqrt(6 / 300),
      2 * Math.sqrt(6 / 300),
    ],
    ['kaimingUniform', initializers.kaimingUniform(), -Math.sqrt(6 / 100), Math.sqrt(6 / 100)],
    [
      'kaimingUniform of slope sqrt(5)',
      initializers.kaimingUniform({ negativeSlope: Math.sqrt(5) }),
      -0.1,
      0.1,
    ],
  ])('%s is uniform within its bounds', async (_, initializer, low, high) => {
    const values = await draw(initializer, shape)
    const slack = 1e-7 * high
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low - slack)
    expect(Math.max(...values)).toBeLessThanOrEqual(high + slack)
    expect(distributionDistance(values, (x) => (x - low) / (high - low))).toBeLessThan(limit)
  })
})

describe('normal', () => {
  test.each([
    ['normal', initializers.normal({ standardDeviation: 0.02 }), 0, 0.02],
    ['normal around a mean', initializers.normal({ mean: 5, standardDeviation: 2 }), 5, 2],
    ['xavierNormal', initializers.xavierNormal({ gain: 3 }), 0, 3 * Math.sqrt(2 / 300)],
  ])('%s has the moments and the distribution', async (_, initializer, mean, standardDeviation) => {
    const values = await draw(initializer, shape)
    const standard = values.map((value) => (value - mean) / standardDeviation)
    const moments = momentsOf(standard)
    // Five standard errors of each moment of a normal sample.
    expect(Math.abs(moments.mean)).toBeLessThan(5 / Math.sqrt(count))
    expect(Math.abs(moments.variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
    expect(Math.abs(moments.skewness)).toBeLessThan(5 * Math.sqrt(6 / count))
    expect(Math.abs(moments.kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / count))
    expect(distributionDistance(standard, normalDistribution)).toBeLessThan(limit)
  })

  test('truncatedNormal ends at two standard deviations', async () => {
    const values = await draw(initializers.truncatedNormal({ standardDeviation: 0.5 }), shape)
    expect(Math.max(...values.map((value) => Math.abs(value)))).toBeLessThanOrEqual(1 + 1e-6)
    const outside = normalDistribution(-2)
    const truncated = (x: number): number => (normalDistribution(x / 0.5) - outside) / (1 - 2 * outside)
    expect(distributionDistance(values, truncated)).toBeLessThan(limit)
    // The variance of a standard normal cut at 2 is 1 - 4 phi(2) / 0.9545 = 0.7737.
    expect(momentsOf(values).variance / 0.25).toBeCloseTo(0.7737, 1)
  })
})

test.each([
  ['zeros', initializers.zeros(), 0],
  ['ones', initializers.ones(), 1],
  ['constant', initializers.constant(-2.5), -2.5],
])('%s has one value everywhere', async (_, initializer, value) => {
  expect(await draw(initializer, [2, 2])).toEqual([value, value, value, value])
})

test('kernels of convolutions count into the fans', async () => {
  const bound = Math.sqrt(6 / (3 * 5))
  const values = await draw(initializers.kaimingUniform(), [200, 3, 5])
  expect(Math.max(...values)).toBeLessThanOrEqual(bound)
  expect(Math.max(...values)).toBeGreaterThan(0.99 * bound)
})

test('the same seed gives the same numbers, and each draw gives others', async () => {
  const initializer = initializers.normal({ standardDeviation: 1 })
  expect(await draw(initializer, [4], 7)).toEqual(await draw(initializer, [4], 7))
  expect(await draw(initializer, [4], 7)).not.toEqual(await draw(initializer, [4], 8))
  const initialization = { device, random: new RandomStream(7) }
  const [first, second] = device.scoped(() =>
    [initializer(initialization, [4]), initializer(initialization, [4])].map((tensor) => tensor.readSync()),
  )
  expect(first).not.toEqual(second)
})

test('uniform numbers are the same bits in float64, which rounds nothing', async () => {
  const exact = new Device(createReferenceBackend({ precision: 'float64' }))
  const initializer = initializers.uniform({ low: -0.125, high: 0.125 })
  const doubles = initializer({ device: exact, random: new RandomStream(3) }, [100])
  expect([...(await doubles.read())]).toEqual(await draw(initializer, [100], 3))
})

test.each([
  ['xavierUniform', initializers.xavierUniform()],
  ['xavierNormal', initializers.xavierNormal()],
  ['kaimingUniform', initializers.kaimingUniform()],
])('%s refuses a vector, which has no fans', (name, initializer) => {
  expect(() => initializer({ device, random: new RandomStream(1) }, [3])).toThrow(
    `${name}: 'shape' is [3], expected a weight [outputSize, inputSize, ...kernel].`,
  )
})
