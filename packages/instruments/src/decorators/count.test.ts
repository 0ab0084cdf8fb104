import {
  attention,
  createReferenceBackend,
  Device,
  donate,
  add,
  linear,
  matmul,
  type Backend,
  zeros,
} from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { createNullBackend } from '../null-backend/null-backend.ts'
import { count } from './count.ts'
import { profile } from './profile.ts'

test('counts calls per op, the most frequent first, and transfers', async () => {
  const backend = count(createReferenceBackend())
  const device = new Device(backend)
  const x = device.tensor([[1, 2]])
  const column = device.tensor([[1], [2]])
  matmul(x, column)
  const y = add(add(x, x), x)
  y.readSync()
  await y.read()
  expect(backend.count.report()).toMatchObject({
    rows: [
      { op: 'qkv/add', calls: 2, donations: 0, handedBack: 0, floatingPointOperations: 0 },
      { op: 'qkv/matmul', calls: 1, donations: 0, handedBack: 0, floatingPointOperations: 4 },
    ],
    uploads: 2,
    downloads: 2,
    floatingPointOperations: 4,
  })
  expect(backend.count.report().toString().split('\n')).toEqual([
    'operation   calls  donations  handed back  operations',
    'qkv/add         2          0            0           0',
    'qkv/matmul      1          0            0           4',
    'upload          2',
    'download        2',
  ])
  backend.count.reset()
  expect(backend.count.report()).toMatchObject({ rows: [], uploads: 0, downloads: 0 })
})

function donationsOn(inner: Backend): unknown {
  const backend = count(inner)
  const device = new Device(backend)
  const x = device.tensor([1, 2])
  const y = device.tensor([3, 4])
  add(donate(x), y)
  return backend.count.report().rows[0]
}

describe('donations', () => {
  test('are counted as handed back where the backend writes in place', () => {
    expect(donationsOn(createNullBackend())).toMatchObject({ calls: 1, donations: 1, handedBack: 1 })
  })

  test('are counted as offered where it does not', () => {
    expect(donationsOn(createReferenceBackend())).toMatchObject({ calls: 1, donations: 1, handedBack: 0 })
  })
})

describe('floating-point operations', () => {
  const backend = count(createNullBackend())
  const device = new Device(backend)
  const operationsOf = (fn: () => unknown): number => {
    backend.count.reset()
    device.scoped(() => void fn())
    return backend.count.report().floatingPointOperations
  }

  test('of a batched matrix product: two per multiply-add', () => {
    expect(operationsOf(() => matmul(zeros(device, [5, 2, 3]), zeros(device, [5, 3, 4])))).toBe(
      5 * 2 * 4 * 3 * 2,
    )
  })

  test('of a linear layer', () => {
    expect(operationsOf(() => linear(zeros(device, [5, 7, 3]), zeros(device, [4, 3])))).toBe(
      5 * 7 * 3 * 4 * 2,
    )
  })

  test('of attention: scores and weighted values', () => {
    const query = zeros(device, [2, 3, 4, 5])
    const key = zeros(device, [2, 3, 6, 5])
    const value = zeros(device, [2, 3, 6, 7])
    const scores = 2 * 3 * 4 * 6
    expect(operationsOf(() => attention(query, key, value, { mask: { kind: 'all' } }))).toBe(
      scores * 5 * 2 + scores * 7 * 2,
    )
  })
})

test('decorators stack', () => {
  const backend = count(profile(createReferenceBackend(), { clock: () => 0 }))
  const x = new Device(backend).tensor([1])
  add(x, x)
  expect(backend.count.report().rows).toHaveLength(1)
  expect(backend.profile.report().rows).toHaveLength(2)
})
