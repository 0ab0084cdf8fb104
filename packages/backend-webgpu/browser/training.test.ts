import { createReferenceBackend, Device } from '@qkv/tensor'
import { afterAll, expect, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'
import { SmallTransformer } from '../src/testing/small-transformer.ts'

const backend = await createWebGpuBackend()
const device = new Device(backend)
const { description } = backend
afterAll(() => device.dispose())

test('thirty steps of a small Transformer give the losses of the reference', async () => {
  const truth = new Device(createReferenceBackend({ precision: 'float64' }))
  const [model, exact] = [new SmallTransformer(device), new SmallTransformer(truth)]
  const losses = Array.from({ length: 30 }, () => model.train(6))
  const wanted = Array.from({ length: 30 }, () => exact.train(6).readSync()[0]!)
  for (const [step, loss] of losses.entries()) {
    const value = (await loss.read())[0]!
    expect(Math.abs(value - wanted[step]!), `step ${step}: ${value} against ${wanted[step]}`).toBeLessThan(
      2e-3,
    )
    loss.dispose()
  }
  expect(wanted[29]).toBeLessThan(wanted[0]! * 0.7)
  model.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a step reads nothing back, and repeats its buffers and kernels', async () => {
  const model = new SmallTransformer(device)
  model.train(5).dispose()
  model.train(5).dispose()
  await device.synchronize()
  const before = description.counters
  for (let step = 0; step < 400; step++) {
    model.train(5).dispose()
    // As a loop does that shows the loss now and then.
    if (step % 20 === 0) await device.synchronize()
  }
  await device.synchronize()
  const after = description.counters
  expect(after.readBacks).toBe(before.readBacks)
  expect(after.liveBuffers).toBe(before.liveBuffers)
  expect(after.pipelines).toBe(before.pipelines)
  expect(after.pooledBuffers).toBeLessThanOrEqual(before.pooledBuffers + 32)
  const perStep = (after.dispatches - before.dispatches) / 400
  expect(Number.isInteger(perStep)).toBe(true)
  model.dispose()
})

test('new lengths need no new kernels', async () => {
  const model = new SmallTransformer(device)
  for (const length of [4, 5, 6, 7, 8]) model.train(length).dispose()
  const { pipelines } = description.counters
  for (const length of [9, 10, 11, 12, 13, 14]) model.train(length).dispose()
  expect(description.counters.pipelines).toBe(pipelines)
  model.dispose()
})

test('fused kernels take less than half of the dispatches', () => {
  const dispatchesOf = (device: Device): number => {
    const model = new SmallTransformer(device)
    model.train(6).dispose()
    const { dispatches } = description.counters
    model.train(6).dispose()
    const taken = description.counters.dispatches - dispatches
    model.dispose()
    return taken
  }
  const fused = dispatchesOf(device)
  const plain = dispatchesOf(new Device({ ...backend, supports: (op) => op.kind === 'primitive' }))
  console.info(`dispatches of a training step: ${fused} fused, ${plain} unfused`)
  expect(fused).toBeLessThan(plain / 2)
})
