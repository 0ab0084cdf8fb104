import { createReferenceBackend } from '@qkv/tensor'
import { afterEach, expect, test, vi } from 'vitest'
import { createDeviceHost, type DeviceHost } from './device-host.ts'
import type { OfferedBackend } from './offered-backend.ts'
import { webGpuOnDemand, type WebGpuOnDemandOptions } from './webgpu-on-demand.ts'

const reference: OfferedBackend = { name: 'reference', create: () => createReferenceBackend() }

/** A package whose backend computes as the reference does, on a GPU by name only. */
async function packageWith(name: { adapter: string; vendor: string; architecture: string }) {
  const backend = { ...createReferenceBackend(), name: 'webgpu' }
  return {
    webgpu: () => ({ name: 'webgpu', create: () => backend }),
    describeWebGpuBackend: () => ({ ...name, isFallbackAdapter: true }),
  } as unknown as Awaited<ReturnType<NonNullable<WebGpuOnDemandOptions['load']>>>
}

const load = vi.fn<NonNullable<WebGpuOnDemandOptions['load']>>(() =>
  packageWith({ adapter: '', vendor: 'some', architecture: 'maker' }),
)

function hostWith(options: WebGpuOnDemandOptions = {}): DeviceHost {
  return createDeviceHost([reference, webGpuOnDemand({ load, ...options })])
}

function giveGpu(requestAdapter: () => Promise<object | null>): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter } })
}

async function reasonOf(host: DeviceHost): Promise<string | undefined> {
  const reports = await host.list()
  expect(reports.map(({ name }) => name)).toEqual(['reference', 'webgpu'])
  expect(reports[0]).toEqual({ name: 'reference', available: true, reason: undefined })
  const { available, reason } = reports[1]!
  expect(available).toBe(reason === undefined)
  return reason
}

afterEach(() => {
  vi.unstubAllGlobals()
  load.mockClear()
})

test.each([
  ['a page without WebGPU', {}, /no `navigator.gpu`, expected WebGPU/],
  ['a place without a navigator', undefined, /no `navigator.gpu`, expected WebGPU/],
  [
    'a browser that finds no GPU',
    { gpu: { requestAdapter: async () => null } },
    /is null: .* expected an adapter/,
  ],
  [
    'a browser that fails to look',
    { gpu: { requestAdapter: () => Promise.reject(new Error('the GPU process is gone')) } },
    /the GPU process is gone/,
  ],
  [
    'a browser that never answers',
    { gpu: { requestAdapter: () => new Promise(() => {}) } },
    /did not come within 0.02 s/,
  ],
])(
  '%s has the backend listed with the reason, and opening it says the same',
  async (_, navigator, reason) => {
    vi.stubGlobal('navigator', navigator)
    const host = hostWith({ patience: 20 })
    await host.open('reference')
    expect(await reasonOf(host)).toMatch(reason)
    await expect(host.open('webgpu')).rejects.toThrow(reason)
    expect(load).not.toHaveBeenCalled()
    expect(host.device.name).toBe('reference')
    expect(await host.works()).toBe(true)
  },
)

test('asking whether it runs loads nothing; opening it loads the package, and names the adapter', async () => {
  giveGpu(async () => ({}))
  const host = hostWith()
  expect(await reasonOf(host)).toBeUndefined()
  expect(load).not.toHaveBeenCalled()
  const { chosen, adapter, kernels } = await host.open('webgpu')
  expect({ chosen, adapter, kernels }).toEqual({
    chosen: 'webgpu',
    adapter: { name: 'some maker', software: true },
    kernels: undefined,
  })
})

test('a package that does not load is told of, and the backend before stays', async () => {
  giveGpu(async () => ({}))
  const host = hostWith({ load: () => Promise.reject(new TypeError('Failed to fetch')) })
  await host.open('reference')
  await expect(host.open('webgpu')).rejects.toThrow(
    /'package' did not load \(TypeError: Failed to fetch\), expected the code .* choose the backend cpu/,
  )
  expect(host.device.name).toBe('reference')
})

test('the backend that was chosen last stays, in whatever order they open', async () => {
  let answer: (adapter: object) => void = () => {}
  giveGpu(() => new Promise((resolve) => (answer = resolve)))
  const host = hostWith()
  const slow = host.open('webgpu')
  await host.open('reference')
  answer({})
  await expect(slow).rejects.toThrow("'webgpu' opened after another backend was chosen")
  expect(host.device.name).toBe('reference')
  expect(await host.works()).toBe(true)
})

test('a device that was lost does not work', async () => {
  const lost = {
    ...createReferenceBackend(),
    synchronize: () => Promise.reject(new Error('the device was lost')),
  }
  const host = createDeviceHost([{ name: 'lost', create: () => lost }, reference])
  await host.open('lost')
  expect(await host.works()).toBe(false)
  await host.open('reference')
  expect(await host.works()).toBe(true)
})
