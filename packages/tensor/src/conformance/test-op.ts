import type { Op } from '../op.ts'
import { gradientMismatch, isDifferentiable } from './gradient-check.ts'

/** The `test` function of vitest, or of any runner of that form. */
export type TestFunction = (name: string, run: () => void | Promise<void>) => void

/**
 * Registers the tests that an op must pass by itself: each sample's gradients, first and second, against central
 * differences in float64.
 *
 * @example
 * import { test } from 'vitest'
 * testOp(softmaxOp, { test })
 */
export function testOp(op: Op, { test }: { readonly test: TestFunction }): void {
  for (const [index, sample] of op.samples.entries()) {
    if (!isDifferentiable(op, sample)) continue
    test(`${op.name} sample ${index}: gradient equals finite differences`, () => {
      const found = gradientMismatch(op, sample)
      if (found) throw new Error(`${op.name}: ${found}`)
    })
  }
}
