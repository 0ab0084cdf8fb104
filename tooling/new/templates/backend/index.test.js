import { test } from 'node:test'
import { testBackend } from '@qkv/tensor/conformance'
import { createBackend } from './index.js'

// Every operation, forward in several memory layouts and backward, against the definition in double precision.
testBackend({ create: createBackend, test })
