import { Device, matmul } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createCpuBackend } from '../../src/index.ts'
import { Heap } from '../../src/memory/heap.ts'

test('the page is cross-origin isolated, and its heap can be shared', () => {
  expect(crossOriginIsolated).toBe(true)
  const { memory, shared } = new Heap()
  expect(shared).toBe(true)
  const { port1, port2 } = new MessageChannel()
  expect(() => port1.postMessage(memory)).not.toThrow()
  port1.close()
  port2.close()
})

test('two threads give the numbers of one, bit for bit', async () => {
  const products = []
  for (const threads of [1, 2]) {
    const backend = createCpuBackend({ threads })
    await backend.ready()
    expect(backend.description).toMatchObject({ simd: 'relaxed', threads, reasons: [], sharedMemory: true })
    const device = new Device(backend)
    const x = device.tensor(
      Float32Array.from({ length: 2 ** 18 }, (_, index) => Math.sin(index)),
      { shape: [512, 512] },
    )
    products.push(matmul(x, x).readSync())
    await device.dispose()
  }
  expect(products[1]).toEqual(products[0])
})
