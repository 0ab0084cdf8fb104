import { expect, test } from 'vitest'
import { createGpujsBackend } from '../src/index.ts'
import { testPrograms } from '../src/testing/test-programs.test-helper.ts'

test('runs in the mode that was asked for, which has to be waited for', async () => {
  const backend = await createGpujsBackend({ mode: 'webgpu' })
  expect(backend.description.mode).toBe('webgpu')
  expect(backend.capabilities.synchronousRead).toBe(false)
  await backend.dispose()
})

testPrograms('webgpu', 5)
