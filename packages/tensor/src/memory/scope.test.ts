import { expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { add } from '../ops/add.ts'
import { exp } from '../ops/exp.ts'
import { reshape } from '../ops/reshape.ts'

function open(): Device {
  return new Device(createReferenceBackend())
}

test('a scope frees what was made in it, and keeps what is kept', () => {
  const device = open()
  let kept
  {
    using scope = device.scope()
    const x = device.tensor([1, 2])
    kept = scope.keep(add(x, 1))
    expect(device.memory().liveBuffers).toBe(2)
  }
  expect(device.memory().liveBuffers).toBe(1)
  expect([...kept.readSync()]).toEqual([2, 3])
})

test('inner scopes keep into outer ones', () => {
  const device = open()
  const result = device.scoped(() => {
    const inner = device.scoped(() => ({ sum: add(device.tensor([1]), 1), list: [device.tensor([5])] }))
    return exp(inner.sum)
  })
  expect(device.memory().liveBuffers).toBe(1)
  result.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('an outer scope may close before an inner one, which then keeps into what is around both', () => {
  const device = open()
  const around = device.scope()
  const outer = device.scope()
  const inner = device.scope()
  const x = device.tensor([1])
  outer.dispose()
  inner.keep(x)
  inner.dispose()
  expect([...x.readSync()]).toEqual([1])
  around.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('nothing is left behind by an exception', () => {
  const device = open()
  expect(() =>
    device.scoped(() => {
      add(device.tensor([1, 2]), device.tensor([3, 4]))
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(device.memory().liveBuffers).toBe(0)
})

test('a scoped function must be synchronous', () => {
  expect(() => open().scoped(async () => 1)).toThrow("scoped: 'fn' returned a promise")
})

test('views share a buffer, which lives as long as one of them', () => {
  const device = open()
  const x = device.tensor([1, 2, 3, 4])
  const view = reshape(x, [2, 2])
  x.dispose()
  expect(device.memory().liveBuffers).toBe(1)
  expect([...view.readSync()]).toEqual([1, 2, 3, 4])
  view.dispose()
  view.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a retained tensor outlives every scope', () => {
  const device = open()
  const retained = device.scoped(() => {
    const inner = device.scoped(() => device.retain(device.tensor([7])))
    return inner.shape.length === 1 ? inner : undefined
  })
  expect([...retained!.readSync()]).toEqual([7])
  retained!.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a disposed tensor is refused with its place', () => {
  const device = open()
  const x = device.tensor([1, 2])
  x.dispose()
  expect(() => add(x, 1)).toThrow('qkv/add')
  expect(() => exp(x)).toThrow(/'input 0' of shape \[2\] was disposed, expected a live tensor/)
})
