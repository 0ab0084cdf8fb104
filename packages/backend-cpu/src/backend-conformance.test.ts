import { testBackend } from '@qkv/tensor/conformance'
import { test } from 'vitest'
import { createCpuBackend } from './index.ts'

testBackend({ create: () => createCpuBackend(), test })
