import { describe, test } from 'vitest'
import { testBackend } from '../../conformance/test-backend.ts'
import { createReferenceBackend } from './reference-backend.ts'

describe('in float32', () => {
  testBackend({ create: () => createReferenceBackend(), test })
})

describe('in float64', () => {
  testBackend({ create: () => createReferenceBackend({ precision: 'float64' }), test })
})
