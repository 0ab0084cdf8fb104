import { BackendError } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createWebGpuBackend } from '../index.ts'

test('without the package in Node, the sentence gives the command that installs it', async () => {
  const opening = createWebGpuBackend({ module: 'a-package-that-is-not-there' })
  await expect(opening).rejects.toThrow(BackendError)
  await expect(opening).rejects.toThrow(
    /webgpu: 'gpu' is missing: Node has no WebGPU of its own and 'a-package-that-is-not-there' did not load .*npm install webgpu@0.6.2/,
  )
})
