import { allOps, testBackend } from '@qkv/tensor/conformance'
import { copy, Device, transpose } from '@qkv/tensor'
import { afterAll, expect, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'
import { asynchronousTests } from '../src/testing/asynchronous-tests.ts'
import { compareWithReference } from '../src/testing/compare-with-reference.ts'
import { sampleTensors } from '../src/testing/sample-tensors.ts'

// One backend for all tests: no result may depend on what earlier ones left in the memory.
const backend = await createWebGpuBackend()
const device = new Device(backend)
afterAll(() => device.dispose())

// The suite makes transposed inputs with synchronous reads; the tests below make them with copies.
testBackend({
  create: () => ({ ...backend, dispose: async () => {} }),
  test: asynchronousTests(test),
})

test.each(allOps.map((op) => [op.name, op] as const))('%s: forward on transposed inputs', async (_, op) => {
  for (const sample of op.samples) {
    const found = await compareWithReference(
      device,
      (device) => {
        const inputs = sampleTensors(device, sample).map((input) => {
          const order = input.shape.map((_, axis) => input.rank - 1 - axis)
          return transpose(copy(transpose(input, { order })), { order })
        })
        return device.apply(op, inputs, sample.attrs, sample.scalars)
      },
      Math.max(4e-5, op.relativeTolerance ?? 0),
    )
    expect(found).toBeNull()
  }
})
