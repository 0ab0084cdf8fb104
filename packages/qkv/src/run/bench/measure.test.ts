import { createCpuBackend } from '@qkv/backend-cpu'
import { createReferenceBackend, Device, full, matmul } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { measure } from './measure.ts'
import type { BenchDevice } from './open-devices.ts'
import type { Workload } from './workload.ts'

const onReference = (): BenchDevice => ({
  device: new Device(createReferenceBackend()),
  threads: 1,
  simd: null,
})

test('counts runs, frees their tensors, and computes rates from the median', async () => {
  const on = onReference()
  const matrix = on.device.tensor([
    [1, 2],
    [3, 4],
  ])
  let runs = 0
  const workload: Workload = {
    name: 'matmul',
    shape: '2x2x2',
    tokens: 3,
    elements: 4,
    session: { runs: 2, begin() {}, end() {} },
    run: () => ((runs += 1), matmul(matrix, matrix)),
  }
  const [result] = await measure('suite', [{ on, workload }], 0)
  expect(result).toMatchObject({ suite: 'suite', name: 'matmul', shape: '2x2x2', backend: 'reference' })
  expect(result).toMatchObject({ threads: 1, simd: null, peakGflops: null, fractionOfPeak: null, runs: 10 })
  // Counting operations takes one run, warming up two.
  expect(runs).toBe(13)
  expect(result!.gflops! * result!.milliseconds).toBeCloseTo(16 / 1e6)
  expect(result!.tokensPerSecond! * result!.milliseconds).toBeCloseTo(3000)
  expect(result!.nanosecondsPerElement! / result!.milliseconds).toBeCloseTo(250_000)
  expect(on.device.memory().liveBuffers).toBe(1)
})

test('runs variants in turns, in sessions, unmeasured at their ends', async () => {
  const log: string[] = []
  const variant = (name: string): { on: BenchDevice; workload: Workload } => ({
    on: onReference(),
    workload: {
      name,
      shape: '',
      session: { runs: 1, begin: () => void log.push(`(${name}`), end: () => void log.push(')') },
      run: () => void log.push(name),
    },
  })
  const results = await measure('suite', [variant('a'), variant('b')], 0)
  expect(results.map(({ name, gflops }) => ({ name, gflops }))).toEqual([
    { name: 'a', gflops: null },
    { name: 'b', gflops: null },
  ])
  const rounds = log.join('').slice('(aa)(aa)(bb)(bb)'.length)
  expect(rounds).toBe('(aa)(bb)(bb)(aa)(aa)(bb)(bb)(aa)(aa)(bb)')
})

test('compares with the peak of all threads', async () => {
  const device = new Device(createCpuBackend({ threads: 1, simd: 'plain' }))
  const matrix = full(device, [32, 32], 1)
  const workload = { name: 'matmul', shape: '', run: () => matmul(matrix, matrix) }
  const [result] = await measure('suite', [{ on: { device, threads: 3, simd: 'plain' }, workload }], 0)
  const { gflops, peakGflops, fractionOfPeak } = result!
  expect(peakGflops).toBeGreaterThan(1)
  expect(fractionOfPeak).toBe(gflops! / (3 * peakGflops!))
})

test('the wait for a device that is slow to answer is no cost of what runs on it', async () => {
  const reference = createReferenceBackend()
  const device = new Device({
    ...reference,
    capabilities: { ...reference.capabilities, synchronousRead: false },
    synchronize: () => new Promise((resolve) => setTimeout(resolve, 4)),
  })
  const workload = { name: 'nothing', shape: '', run: () => {} }
  const [result] = await measure('suite', [{ on: { device, threads: 1, simd: null }, workload }], 0)
  expect(result!.milliseconds).toBeLessThan(0.5)
})
