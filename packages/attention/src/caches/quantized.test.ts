import { createReferenceBackend, Device, RandomStream, slice, type Tensor } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  causal,
  compose,
  fullCache,
  type KeyCache,
  MultiHeadAttention,
  noMask,
  quantizedCache,
  ringCache,
  rope,
  scaledDot,
} from '../index.ts'

function tensorOf(device: Device, values: readonly number[], shape: readonly number[]): Tensor {
  return device.tensor(values, { shape })
}

test('the worked example: the largest number of a row is 127 levels', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const cache = quantizedCache()
  device.scoped(() => {
    // Levels of 0.01: -1.27 is -127, 0.504 is nearest to 50, 0.506 to 51; of 1: 63.5 lies between, and 64 is even.
    const key = tensorOf(device, [-1.27, 0.504, 0.506, 0, 127, 63.5, -64.5, 1.4, 0, 0, 0, 0], [1, 1, 3, 4])
    const read = cache.append(key, key)
    const held = [...read.key.readSync()].slice(0, 12)
    const wanted = [-1.27, 0.5, 0.51, 0, 127, 64, -64, 1, 0, 0, 0, 0]
    expect(held.map((value, index) => Math.abs(value - wanted[index]!) < 1e-12)).toEqual(held.map(() => true))
  })
  cache.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('each number is off by at most half a scale, that of its own position and head', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(fc.array(number, { minLength: 24, maxLength: 24 }), (values) => {
      const cache = quantizedCache()
      device.scoped(() => {
        const [batch, heads, length, size] = [1, 2, 3, 4]
        const { key, value } = cache.append(
          tensorOf(device, values, [batch, heads, length, size]),
          tensorOf(device, values.toReversed(), [batch, heads, length, size]),
        )
        for (const [read, given] of [
          [key, values],
          [value, values.toReversed()],
        ] as const) {
          const held = [...slice(read, [{}, {}, { size: length }]).readSync()]
          const errors = held.map((number, index) => {
            const first = index - (index % size)
            const largest = Math.max(...given.slice(first, first + size).map(Math.abs))
            return Math.abs(number - given[index]!) - (largest / 254) * (1 + 1e-9)
          })
          expect(Math.max(...errors)).toBeLessThanOrEqual(1e-300)
        }
      })
      cache.dispose()
    }),
    { numRuns: 60 },
  )
})

test('it takes a quarter of the memory, and a scale for each position', () => {
  const device = new Device(createReferenceBackend())
  const bytes = (cache: KeyCache): number => {
    const before = device.memory().liveBytes
    device.scoped(() => {
      const key = tensorOf(
        device,
        Array.from({ length: 4 * 64 * 64 }, (_, index) => Math.sin(index)),
        [1, 4, 64, 64],
      )
      cache.append(key, key)
    })
    const taken = device.memory().liveBytes - before
    cache.dispose()
    return taken
  }
  const whole = bytes(fullCache())
  const quantized = bytes(quantizedCache())
  expect(whole).toBe(2 * 4 * 64 * 64 * 4)
  // 64 numbers of a byte and a scale of 4 bytes, where there were 256 bytes; the 255 levels are a table beside them.
  expect(quantized - 255).toBe((whole * (64 + 4)) / 256)
})

test.each<[string, () => KeyCache, () => KeyCache]>([
  ['full', () => quantizedCache(), fullCache],
  [
    'ring',
    () => quantizedCache({ inner: () => ringCache({ window: 5, sinks: 1 }) }),
    () => ringCache({ window: 5, sinks: 1 }),
  ],
])('attention over a quantised %s cache is near that over the cache itself', (name, create, plain) => {
  const device = new Device(createReferenceBackend())
  const attention = new MultiHeadAttention(
    { device, random: new RandomStream(3) },
    { width: 32, heads: 2, composition: compose([scaledDot(), rope(), causal()]), maximumLength: 20 },
  )
  const outputs = (cache: KeyCache): number[] => {
    const all: number[] = []
    for (let position = 0; position < 20; position++) {
      device.scoped(() => {
        const x = tensorOf(
          device,
          Array.from({ length: 32 }, (_, index) => Math.sin(position * 32 + index)),
          [1, 1, 32],
        )
        all.push(...attention.forward(x, x, { mask: noMask, side: {}, cache }).readSync())
      })
    }
    expect(cache.length).toBe(20)
    cache.dispose()
    return all
  }
  const before = device.memory().liveBuffers
  expect(create().name).toBe(`quantized ${name}`)
  const [got, wanted] = [outputs(create()), outputs(plain())]
  const furthest = Math.max(...got.map((value, index) => Math.abs(value - wanted[index]!)))
  expect(furthest).toBeGreaterThan(0)
  expect(furthest).toBeLessThan(0.01 * Math.max(...wanted.map(Math.abs)))
  expect(device.memory().liveBuffers).toBe(before)
})
