import { expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { full, zeros } from './full.ts'
import { linear } from './linear.ts'

const device = new Device(createReferenceBackend())

test('weights are [out, in], for one vector and for many', () => {
  const weight = device.tensor([
    [1, 2, 3],
    [10, 20, 30],
  ])
  const bias = device.tensor([100, 200])
  expect([...linear(device.tensor([1, 1, 2]), weight, bias).readSync()]).toEqual([109, 290])
  const many = linear(device.tensor([[[1, 0, 0]], [[0, 0, 1]]]), weight)
  expect(many.shape).toEqual([2, 1, 2])
  expect([...many.readSync()]).toEqual([1, 10, 3, 30])
})

test('names what does not fit', () => {
  const x = zeros(device, [2, 3])
  expect(() => linear(x, zeros(device, [3, 4]))).toThrow(
    "linear: 'weight' has shape [3, 4], expected [out, 3]: its last axis must equal the last axis of 'x' [2, 3]. Did you mean to transpose",
  )
  expect(() => linear(x, zeros(device, [4, 5]))).toThrow('Check the width')
  expect(() => linear(x, zeros(device, [4, 3]), zeros(device, [3]))).toThrow(
    "'bias' has shape [3], expected [4]",
  )
  expect(() => linear(full(device, [2, 3], 1, { dtype: 'int32' }), zeros(device, [4, 3]))).toThrow(
    "'x' has dtype int32",
  )
})
