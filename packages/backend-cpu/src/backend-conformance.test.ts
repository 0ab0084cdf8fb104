import { testBackend } from '@qkv/tensor/conformance'
import { describe, test } from 'vitest'
import { createCpuBackend } from './index.ts'
import { builds } from './testing/compare.ts'

describe.each(builds)('the build %s', (simd) => {
  testBackend({ create: () => createCpuBackend({ simd }), test })
})
