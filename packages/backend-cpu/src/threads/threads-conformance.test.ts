import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createCpuBackend } from '../index.ts'
import { ThreadTeam } from './thread-team.ts'

// The samples of ops are smaller than what is worth a second thread: here every kernel is cut into as many pieces as there can be.
const { split } = ThreadTeam.prototype
beforeAll(() => {
  vi.spyOn(ThreadTeam.prototype, 'split').mockImplementation(function inSmallPieces(
    this: ThreadTeam,
    kernel,
    count,
    _least,
    ...parameters
  ) {
    split.call(this, kernel, count, 1, ...parameters)
  })
})
afterAll(() => {
  vi.restoreAllMocks()
})

describe.each(['relaxed', 'plain'] as const)('the build %s in two threads', (simd) => {
  // One backend for all tests: each would start a thread of its own.
  const backend = createCpuBackend({ simd, threads: 2 })
  afterAll(() => backend.dispose())

  test('both threads work', async () => {
    await backend.ready()
    expect(backend.description).toMatchObject({ threads: 2, reasons: [] })
  })
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
})
