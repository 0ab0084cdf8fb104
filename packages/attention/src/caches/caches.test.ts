import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import {
  type AttentionCache,
  type AttentionPart,
  causal,
  compose,
  createCache,
  fixedCache,
  fullCache,
  linear,
  MultiHeadAttention,
  noMask,
  quantizedCache,
  ringCache,
  scaledDot,
  stateCache,
} from '../index.ts'

/** Keys whose every number tells batch entry and position. */
function keys(device: Device, batch: number, start: number, length: number): Tensor {
  const values = Array.from({ length: batch }, (_, row) =>
    Array.from({ length }, (_, index) => [row * 1000 + start + index, -(row * 1000 + start + index)]),
  ).flat(2)
  return device.tensor(values, { shape: [batch, 1, length, 2] })
}

/** The first number of every position that is held, by batch entry. */
function heldBy(tensor: Tensor, length: number): number[][] {
  const [batch, , capacity] = tensor.shape as [number, number, number, number]
  const values = tensor.readSync()
  return Array.from({ length: batch }, (_, row) =>
    Array.from({ length }, (_, index) => values[(row * capacity + index) * 2]!),
  )
}

test('a full cache grows in steps of 64 and keeps what it had', () => {
  const device = new Device(createReferenceBackend())
  const cache = fullCache()
  expect(cache.read()).toBeUndefined()
  const capacities: number[] = []
  let written = 0
  for (const size of [3, 60, 1, 1, 70]) {
    device.scoped(() => cache.append(keys(device, 2, written, size), keys(device, 2, written + 500, size)))
    written += size
    const { key, value, length } = cache.read()!
    expect([cache.length, length]).toEqual([written, written])
    capacities.push(key.shape[2]!)
    const positions = Array.from({ length: written }, (_, index) => index)
    expect(heldBy(key, length)).toEqual([positions, positions.map((position) => 1000 + position)])
    expect(heldBy(value, length)[0]).toEqual(positions.map((position) => 500 + position))
  }
  expect(capacities).toEqual([64, 64, 64, 128, 192])
  expect(device.memory().liveBuffers).toBe(2)
  cache.dispose()
  expect(cache.length).toBe(0)
  expect(device.memory().liveBuffers).toBe(0)
})

test('appending within the capacity writes in place', () => {
  const device = new Device(createReferenceBackend())
  const cache = fullCache()
  const append = (start: number): void =>
    void device.scoped(() => cache.append(keys(device, 1, start, 1), keys(device, 1, start, 1)))
  append(0)
  append(1)
  expect(device.memory().refusedDonations).toBe(0)
  cache.dispose()
})

test.each([
  ['full', fullCache],
  ['fixed', fixedCache],
  ['ring', () => ringCache({ window: 3, sinks: 1 })],
] as const)('a %s cache goes on with the rows that are selected', (name, create) => {
  const device = new Device(createReferenceBackend())
  const cache = create()
  expect([cache.name, cache.fixed]).toEqual([name, name === 'fixed'])
  const select = (rows: readonly number[]): void =>
    device.scoped(() => cache.select(device.tensor(Int32Array.from(rows))))
  select([0])
  expect(cache.read()).toBeUndefined()
  device.scoped(() => cache.append(keys(device, 3, 0, 2), keys(device, 3, 7, 2)))
  select([2, 2, 0, 1])
  const { key, value, length } = cache.read()!
  expect(heldBy(key, length).map(([first]) => first)).toEqual([2000, 2000, 0, 1000])
  expect(heldBy(value, length).map(([first]) => first)).toEqual([2007, 2007, 7, 1007])
  expect(device.memory().liveBuffers).toBe(2)
  cache.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a fixed cache keeps its keys when those that it was given are gone', () => {
  const device = new Device(createReferenceBackend())
  const cache = fixedCache()
  device.scoped(() => cache.append(keys(device, 1, 0, 3), keys(device, 1, 9, 3)))
  expect(cache.length).toBe(3)
  expect(heldBy(cache.read()!.key, 3)).toEqual([[0, 1, 2]])
  cache.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a quantised cache goes on with the rows that are selected', () => {
  const device = new Device(createReferenceBackend())
  const cache = quantizedCache()
  const select = (rows: readonly number[]): void =>
    device.scoped(() => cache.select(device.tensor(Int32Array.from(rows))))
  select([0])
  expect(cache.read()).toBeUndefined()
  device.scoped(() => {
    cache.append(keys(device, 3, 0, 2), keys(device, 3, 7, 2))
    select([2, 2, 0, 1])
    const { key, value, length } = cache.read()!
    // The larger of the two numbers of a row is exact but for rounding, and both have one size.
    const first = (tensor: Tensor): number[] =>
      heldBy(tensor, length).map(([, second]) => Math.round(second!))
    expect([first(key), first(value)]).toEqual([
      [2001, 2001, 1, 1001],
      [2008, 2008, 8, 1008],
    ])
  })
  cache.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a state cache goes on with the rows that are selected', () => {
  const device = new Device(createReferenceBackend())
  const cache = stateCache()
  const select = (rows: readonly number[]): void =>
    device.scoped(() => cache.select(device.tensor(Int32Array.from(rows))))
  select([0])
  expect(cache.state).toBeUndefined()
  device.scoped(() => cache.update([keys(device, 3, 0, 2), device.tensor([5, 6, 7])], 2))
  select([2, 2, 0, 1])
  const [first, second] = cache.state!
  expect(heldBy(first!, 2).map(([number]) => number)).toEqual([2000, 2000, 0, 1000])
  expect([...second!.readSync()]).toEqual([7, 7, 5, 6])
  expect([cache.length, device.memory().liveBuffers]).toEqual([2, 2])
  cache.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a part that needs every position has no cache', () => {
  const whole: AttentionPart = { name: 'whole', source: 'none', cacheable: false }
  expect(() => createCache(compose([scaledDot(), whole]))).toThrow(
    "scaled-dot + whole: 'cache' is asked for, but 'whole' needs every position at once, expected parts that work position by " +
      "position, or cache: 'none'. Compute whole sequences with cache: 'none', or replace the part.",
  )
})

test('an attention refuses a cache that its composition does not work with', () => {
  const device = new Device(createReferenceBackend())
  const whole: AttentionPart = { name: 'whole', source: 'none', cacheable: false }
  const call = (parts: readonly AttentionPart[], cache: AttentionCache) => (): Tensor =>
    device.scoped(() => {
      const init = { device, random: new RandomStream(1) }
      const attention = new MultiHeadAttention(init, { width: 2, heads: 1, composition: compose(parts) })
      const x = device.tensor([[[1, 2]]])
      return attention.forward(x, x, { mask: noMask, side: {}, cache })
    })
  expect(call([scaledDot(), whole], ringCache({ window: 4 }))).toThrow(
    "scaled-dot + whole: 'cache' is asked for, but 'whole' needs every position at once",
  )
  expect(call([linear(), causal()], quantizedCache())).toThrow(
    "linear + causal: 'cache' is 'quantized full', which keeps keys, expected one that keeps a state. " +
      'Make it with `createCache(composition)`.',
  )
  expect(call([scaledDot(), causal()], stateCache())).toThrow(
    "scaled-dot + causal: 'cache' is 'state', which keeps a state, expected one that keeps keys. " +
      'Make it with `createCache(composition)`.',
  )
})
