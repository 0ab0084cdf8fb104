import { BackendError } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createWebGpuBackend, type WebGpuOptions } from '../index.ts'

test('without the package in Node, the sentence gives the command that installs it', async () => {
  const opening = createWebGpuBackend({ module: 'a-package-that-is-not-there' })
  await expect(opening).rejects.toThrow(BackendError)
  await expect(opening).rejects.toThrow(
    /webgpu: 'gpu' is missing: Node has no WebGPU of its own and 'a-package-that-is-not-there' did not load .*npm install webgpu@0.6.2/,
  )
})

test.each<readonly [options: unknown, sentence: string]>([
  [{ matmul: 'fast' }, "webgpu: 'matmul' is 'fast', expected one of auto, direct, "],
  [
    { pooledBytes: -1 },
    "webgpu: 'pooledBytes' is -1, expected a number of at least 0. Leave it out for 512 MiB.",
  ],
  [{ pooledBytes: Number.NaN }, "webgpu: 'pooledBytes' is NaN,"],
  [{ pooledBytes: '12' }, "webgpu: 'pooledBytes' is '12',"],
  [
    { powerPreference: 'high' },
    "webgpu: 'powerPreference' is 'high', expected one of low-power, high-performance.",
  ],
  [{ gpu: null }, "webgpu: 'gpu' is null, expected an object with `requestAdapter`"],
  [{ gpu: {} }, "webgpu: 'gpu' is [object Object],"],
  [{ module: 5 }, "webgpu: 'module' is 5, expected the name or the URL of a module."],
  [
    { pooled: 3 },
    "webgpu: 'pooled' is no option, expected one of gpu, module, powerPreference, matmul, matmulPrecision, pooledBytes.",
  ],
  ['direct', "webgpu: 'options' is 'direct', expected an object."],
  [null, "webgpu: 'options' is null, expected an object."],
])('%j is refused in one sentence', async (options, sentence) => {
  await expect(createWebGpuBackend(options as WebGpuOptions)).rejects.toThrow(sentence)
  await expect(createWebGpuBackend(options as WebGpuOptions)).rejects.toThrow(BackendError)
})
