import { expect, test } from 'vitest'
import { BufferPool, longestBuffer } from './buffer-pool.ts'

/** A device that makes nothing, and notes the sizes that it is asked for. */
function pretendedDevice(): { readonly device: GPUDevice; readonly sizes: number[] } {
  const sizes: number[] = []
  const createBuffer = ({ size }: GPUBufferDescriptor): GPUBuffer => {
    sizes.push(size)
    return { destroy() {} } as GPUBuffer
  }
  return { device: { createBuffer } as GPUDevice, sizes }
}

test('no buffer is longer than what kernels can bind, whatever its size class', () => {
  const { device, sizes } = pretendedDevice()
  const limits = { maxStorageBufferBindingSize: 2 ** 31 - 4, maxBufferSize: 2 ** 31 } as GPUSupportedLimits
  const largest = longestBuffer(limits)
  expect(largest).toBe(2 ** 31 - 16)
  const pool = new BufferPool(device, 2 ** 33, largest)
  for (const bytes of [largest, largest - 4, 1.8 * 2 ** 30]) {
    const block = pool.acquire(bytes)
    expect(block.bytes).toBeGreaterThanOrEqual(bytes)
    pool.release(block)
  }
  // One serves all three.
  expect(sizes).toEqual([largest])
})
