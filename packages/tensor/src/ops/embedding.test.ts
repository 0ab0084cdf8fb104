import { expect, test } from 'vitest'
import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { embedding } from './embedding.ts'
import { zeros } from './full.ts'
import { sum } from './sum.ts'

const device = new Device(createReferenceBackend())
const weight = device.tensor([
  [0, 1],
  [2, 3],
  [4, 5],
])

test('reads rows, and gives the row of the padding no gradient', () => {
  const tokens = device.tensor(
    [
      [1, 2],
      [0, 1],
    ],
    { dtype: 'int32' },
  )
  expect([...embedding(tokens, weight, { paddingIndex: 0 }).readSync()]).toEqual([2, 3, 4, 5, 0, 1, 2, 3])
  const gradientOf = (paddingIndex: number | null): readonly number[] => {
    const { gradients } = valueAndGrad(() => sum(embedding(tokens, weight, { paddingIndex })), [weight])
    return [...gradients[0]!.readSync()]
  }
  expect(gradientOf(null)).toEqual([1, 1, 2, 2, 1, 1])
  expect(gradientOf(1)).toEqual([1, 1, 0, 0, 1, 1])
})

test('names what does not fit', () => {
  const tokens = device.tensor([0, 3], { dtype: 'int32' })
  expect(() => embedding(tokens, weight)).toThrow("'indices' holds 3 at [1], expected indices from 0 to 2")
  expect(() => embedding(zeros(device, [2]), weight)).toThrow("embedding: 'indices' has dtype float32")
  expect(() => embedding(tokens, zeros(device, [3]))).toThrow(
    "embedding: 'weight' has shape [3], expected [count, width]",
  )
})
