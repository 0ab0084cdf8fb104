import type { Page } from '@playwright/test'

/** A GPU that can be taken away from a page. */
export interface LosableGpu {
  /** Destroys the devices that the worker has opened since. */
  lose(): Promise<void>
}

/** Watches which GPU devices a worker opens from now on; `name` is part of the worker's address. */
export async function losableGpu(page: Page, name: string): Promise<LosableGpu> {
  const worker = page.workers().find((each) => each.url().includes(name))
  if (!worker) throw new Error(`losableGpu: the page has no worker '${name}', expected one. Open it first.`)
  await worker.evaluate(() => {
    const { requestDevice } = GPUAdapter.prototype
    const devices: GPUDevice[] = []
    Object.assign(globalThis, { devices })
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor)
      devices.push(device)
      return device
    }
  })
  return {
    lose: () =>
      worker.evaluate(() => {
        for (const device of (globalThis as unknown as { devices: GPUDevice[] }).devices) device.destroy()
      }),
  }
}
