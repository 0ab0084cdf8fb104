import { attention, createReferenceBackend, Device, einsum, full, linear, matmul } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { countOperations } from './count-operations.ts'

const device = new Device(createReferenceBackend())

test('counts two operations per multiplication and addition, each product once', async () => {
  const [a, b] = [full(device, [3, 5], 1), full(device, [5, 7], 1)]
  expect(await countOperations(device, () => matmul(a, b))).toBe(2 * 3 * 5 * 7)
  // The reference backend makes these of products.
  const weight = full(device, [7, 5], 1)
  expect(await countOperations(device, () => linear(a, weight))).toBe(2 * 3 * 5 * 7)
  expect(await countOperations(device, () => einsum('ij,jk->ik', a, b))).toBe(2 * 3 * 5 * 7)
  const heads = full(device, [2, 3, 4, 5], 1)
  const once = await countOperations(device, () => attention(heads, heads, heads, { mask: { kind: 'all' } }))
  expect(once).toBe(2 * 2 * 3 * 4 * 4 * (5 + 5))
})

test('stops counting, and is 0 without products', async () => {
  const a = full(device, [2, 2], 1)
  expect(await countOperations(device, () => full(device, [2], 0))).toBe(0)
  expect(await countOperations(device, () => matmul(a, a))).toBe(16)
  expect(await countOperations(device, () => matmul(a, a))).toBe(16)
})
