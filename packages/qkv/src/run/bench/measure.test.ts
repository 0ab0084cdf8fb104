import { createReferenceBackend, Device, matmul } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { measure, quantile } from './measure.ts'

test('counts runs, frees their tensors, and computes rates from the median', async () => {
  const device = new Device(createReferenceBackend())
  const matrix = device.tensor([
    [1, 2],
    [3, 4],
  ])
  let runs = 0
  const result = await measure(
    device,
    {
      name: 'matmul',
      shape: '2x2x2',
      floatingPointOperations: 16,
      tokens: 3,
      run: () => ((runs += 1), matmul(matrix, matrix)),
    },
    0,
  )
  expect(result).toMatchObject({ name: 'matmul', shape: '2x2x2', backend: 'reference', threads: 1, runs: 5 })
  expect(runs).toBe(7)
  expect(result.gflops! * result.milliseconds).toBeCloseTo(16 / 1e6)
  expect(result.tokensPerSecond! * result.milliseconds).toBeCloseTo(3000)
  expect(device.memory().liveBuffers).toBe(1)
})

test('quantiles lie between the ordered values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20)
  expect(quantile([7], 0.75)).toBe(7)
})
