import type { Op } from '../op.ts'
import * as exported from '../ops/index.ts'

function isOp(value: unknown): value is Op {
  return typeof value === 'object' && value !== null && 'kind' in value && 'infer' in value
}

/** Every op of this package, in the order of its folder. */
export const allOps: readonly Op[] = Object.values<unknown>(exported).filter((value) => isOp(value))

/** What every backend must run. */
export const primitiveOps: readonly Op[] = allOps.filter((op) => op.kind === 'primitive')
