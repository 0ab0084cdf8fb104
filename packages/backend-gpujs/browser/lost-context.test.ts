import { add, BackendError, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createGpujsBackend } from '../src/index.ts'

/** A device on WebGL 2, and what takes its context away, as a page that uses too many of them does. */
async function openLosable(): Promise<{ readonly device: Device; readonly lose: () => void }> {
  const contexts: WebGL2RenderingContext[] = []
  const restore = [HTMLCanvasElement.prototype, OffscreenCanvas.prototype].map((canvas) => {
    const holder = canvas as { getContext: (...args: unknown[]) => unknown }
    const { getContext } = holder
    holder.getContext = function (...args) {
      const context = getContext.apply(this, args)
      if (context instanceof WebGL2RenderingContext) contexts.push(context)
      return context
    }
    return () => (holder.getContext = getContext)
  })
  try {
    const device = new Device(await createGpujsBackend({ mode: 'webgl2' }))
    return {
      device,
      lose: () => contexts.forEach((context) => context.getExtension('WEBGL_lose_context')!.loseContext()),
    }
  } finally {
    for (const putBack of restore) putBack()
  }
}

test('a lost context is an error in place of zeros, nothing hangs, and the next device works', async () => {
  const { device, lose } = await openLosable()
  const x = device.tensor([1, 2, 3])
  const computed = add(x, x)
  const waiting = device.synchronize()
  lose()
  await expect(waiting).rejects.toThrow(/gpujs: 'device' was lost/)
  await expect(computed.read()).rejects.toThrow(BackendError)
  expect(() => computed.readSync()).toThrow(/was lost/)
  await expect(device.synchronize()).rejects.toThrow(/Open a new device/)
  expect((): Tensor => add(x, x)).toThrow(/was lost/)
  expect(() => device.tensor([1])).toThrow(/was lost/)
  await device.dispose()

  const next = new Device(await createGpujsBackend({ mode: 'webgl2' }))
  expect(await add(next.tensor([1]), next.tensor([2])).read()).toEqual(Float32Array.of(3))
  await next.dispose()
})
