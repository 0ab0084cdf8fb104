import { matmul, openDevice } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { cpu, describeCpuBackend } from '../../src/index.ts'

test('the page is not cross-origin isolated', () => {
  expect(crossOriginIsolated).toBe(false)
})

test.each([[undefined], [2]])(
  'asked for %s threads, one does the work, and the description says why',
  async (threads) => {
    const device = await openDevice({ backend: cpu(threads === undefined ? {} : { threads }) })
    const description = describeCpuBackend(device.backend)!
    expect(description).toMatchObject({ simd: 'relaxed', threads: 1, sharedMemory: false })
    expect(description.reasons).toHaveLength(1)
    expect(description.reasons[0]).toMatch(
      /shared memory.*cross-origin isolated.*Cross-Origin-Opener-Policy.*Cross-Origin-Embedder-Policy/,
    )
    const x = device.tensor(new Float32Array(2 ** 18).fill(0.5), { shape: [512, 512] })
    expect([...new Set(matmul(x, x).readSync())]).toEqual([128])
    await device.dispose()
  },
)
