import { expect, test } from 'vitest'
import { createCpuBackend } from '../index.ts'

test('further threads work where memory can be shared, and nothing is left to say', async () => {
  const backend = createCpuBackend({ threads: 2 })
  await backend.ready()
  expect(backend.description).toMatchObject({ simd: 'relaxed', threads: 2, reasons: [], sharedMemory: true })
  await backend.dispose()
})
