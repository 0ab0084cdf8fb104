import { expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { batchNorm, batchStatistics } from './batch-norm.ts'
import { zeros } from './full.ts'
import { groupNorm } from './group-norm.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const close = { absolute: 1e-7, relative: 1e-6 }
// [batch 2, channels 2, length 2]
const x = device.tensor([
  [
    [1, 3],
    [10, 20],
  ],
  [
    [5, 7],
    [30, 40],
  ],
])

test('batchStatistics are the mean and the variance of each channel', () => {
  const { mean, variance } = batchStatistics(x)
  expect([...mean.readSync()]).toEqual([4, 25])
  expect([...variance.readSync()]).toEqual([5, 125])
})

test('batchNorm uses the given statistics, those of the batch without', () => {
  const statistics = { mean: device.tensor([1, 10]), variance: device.tensor([4, 100]) }
  const [weight, bias] = [device.tensor([1, 2]), device.tensor([0, 5])]
  const given = batchNorm(x, { statistics, weight, bias, epsilon: 0 })
  expect(mismatch(given.readSync(), [0, 1, 5, 7, 2, 3, 9, 11], close)).toBeNull()
  const own = batchNorm(x, { epsilon: 0 })
  const wanted = [-3, -1, -15, -5, 1, 3, 5, 15].map(
    (value, index) => value / Math.sqrt(index % 4 < 2 ? 5 : 125),
  )
  expect(mismatch(own.readSync(), wanted, close)).toBeNull()
})

test('groupNorm normalises each group of channels of each example', () => {
  const y = groupNorm(x, { groups: 2, epsilon: 0, bias: device.tensor([0, 10]) })
  expect(mismatch(y.readSync(), [-1, 1, 9, 11, -1, 1, 9, 11], close)).toBeNull()
})

test('names what does not fit', () => {
  expect(() => batchNorm(zeros(device, [3]))).toThrow(
    "batchNorm: 'x' has shape [3], expected [batch, channels, ...]",
  )
  expect(() => batchNorm(x, { weight: zeros(device, [3]) })).toThrow("'weight' has shape [3], expected [2]")
  expect(() => groupNorm(x, { groups: 3 })).toThrow("groupNorm: 'groups' is 3 for 'x' of shape [2, 2, 2]")
})
