import { test } from 'vitest'
import { allOps } from '../conformance/op-list.ts'
import { testOp } from '../conformance/test-op.ts'

for (const op of allOps) testOp(op, { test })
