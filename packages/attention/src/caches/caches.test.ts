import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { fixedCache, fullCache } from '../index.ts'

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
