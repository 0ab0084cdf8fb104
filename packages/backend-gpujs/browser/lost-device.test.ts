import { add, BackendError, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createGpujsBackend } from '../src/index.ts'

/** What of WebGPU is used here. */
interface GpuDevice {
  destroy(): void
  createBuffer(settings: unknown): unknown
}

/** Takes the GPU away from a device, as a driver that starts anew does. gpu.js has one for the page, wherever it was asked for. */
async function lose(device: Device): Promise<void> {
  const { prototype } = (globalThis as unknown as { readonly GPUDevice: { readonly prototype: GpuDevice } })
    .GPUDevice
  const { createBuffer } = prototype
  const used: GpuDevice[] = []
  prototype.createBuffer = function (settings) {
    used.push(this)
    return createBuffer.call(this, settings)
  }
  try {
    await device.tensor([1, 2]).read()
  } finally {
    prototype.createBuffer = createBuffer
  }
  used[0]!.destroy()
}

test('a lost device is an error of the backend for all that waits, and the next device works', async () => {
  const device = new Device(await createGpujsBackend({ mode: 'webgpu' }))
  const x = device.tensor([1, 2, 3])
  const computed = add(x, x)
  await lose(device)
  await expect(computed.read()).rejects.toThrow(BackendError)
  await expect(computed.read()).rejects.toThrow(/gpujs: 'device' was lost/)
  await expect(device.synchronize()).rejects.toThrow(/Open a new device/)
  expect(() => add(x, x)).toThrow(/was lost/)
  await device.dispose()

  const next = new Device(await createGpujsBackend({ mode: 'webgpu' }))
  expect(await add(next.tensor([1]), next.tensor([2])).read()).toEqual(Float32Array.of(3))
  await next.dispose()
})
