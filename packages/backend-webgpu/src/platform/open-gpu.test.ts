import { createReferenceBackend, openDevice } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { createWebGpuBackend, describeWebGpuBackend, type GpuProvider, webgpu } from '../index.ts'

const reference = { name: 'reference', create: async () => createReferenceBackend() }

/** A GPU that opens, and computes nothing. */
function idleGpu(claims: object): GpuProvider {
  const limits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 }
  const device = {
    limits,
    features: new Set(),
    lost: new Promise(() => {}),
    addEventListener() {},
    createBuffer: () => ({}),
    destroy() {},
  }
  return {
    requestAdapter: async () => ({
      limits,
      features: new Set(),
      requestDevice: async () => device,
      ...claims,
    }),
  }
}

describe('the next backend is taken', () => {
  const refusing = (): Promise<never> => Promise.reject(new Error('the document is not fully active'))
  test.each<readonly [when: string, gpu: GpuProvider, reason: RegExp]>([
    ['an adapter is refused', { requestAdapter: refusing }, /'adapter' was refused .*not fully active/],
    ['there is no adapter', { requestAdapter: async () => null }, /'adapter' is null/],
    ['a device is refused', idleGpu({ requestDevice: refusing }), /'device' was refused .*not fully active/],
    [
      'the adapter does not say what it is',
      idleGpu({ requestAdapterInfo: refusing }),
      /'adapter' was refused .*not fully active/,
    ],
  ])('when %s', async (_, gpu, reason) => {
    const device = await openDevice({ backend: [webgpu({ gpu }), reference] })
    expect(device.name).toBe('reference')
    expect(device.selection?.rejected).toEqual([{ name: 'webgpu', reason: expect.stringMatching(reason) }])
    await device.dispose()
  })
})

describe('what the adapter says of itself', () => {
  const info = { vendor: 'maker', architecture: 'kind', description: 'words' }
  const silent = { vendor: '', architecture: '', adapter: '', isFallbackAdapter: false }
  const spoken = { vendor: 'maker', architecture: 'kind', adapter: 'words' }
  test.each<readonly [where: string, claims: object, said: object]>([
    ['nowhere', {}, silent],
    ['in `info`', { info: { ...info, isFallbackAdapter: true } }, { ...spoken, isFallbackAdapter: true }],
    [
      'in `info` and on the adapter',
      { info, isFallbackAdapter: true },
      { ...spoken, isFallbackAdapter: true },
    ],
    ['when it is asked', { requestAdapterInfo: async () => info }, { ...spoken, isFallbackAdapter: false }],
    [
      'by the name of its renderer',
      { requestAdapterInfo: async () => ({ ...info, architecture: 'swiftshader' }) },
      { architecture: 'swiftshader', isFallbackAdapter: true },
    ],
  ])('%s', async (_, claims, said) => {
    const backend = await createWebGpuBackend({ gpu: idleGpu(claims) })
    expect(describeWebGpuBackend(backend)).toMatchObject(said)
    await backend.dispose()
  })
})
