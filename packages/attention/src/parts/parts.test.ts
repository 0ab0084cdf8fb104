import { test } from 'vitest'
import { testAttention } from '../conformance/test-attention.ts'
import { builtInParts } from '../resolve-parts.ts'

for (const create of builtInParts.values()) testAttention(create, { test })
