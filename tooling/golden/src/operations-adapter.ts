import type { GroupAdapter } from './adapter.ts'
import { checkComputation, type Computation, type OwnConvention } from './check-computation.ts'
import type { GoldenCase } from './golden-case.ts'

/** A convention of our own, and the cases that it is about. */
export interface ConventionRule extends OwnConvention {
  appliesTo(testCase: GoldenCase): boolean
}

/**
 * The adapter of a group whose cases are single computations: one entry per `op`.
 *
 * @example
 * operationsAdapter('ops_elementwise', { add: (call) => add(call.input('a'), call.input('b')) })
 */
export function operationsAdapter(
  group: string,
  operations: Readonly<Record<string, Computation>>,
  conventions: readonly ConventionRule[] = [],
): GroupAdapter {
  return {
    group,
    async run(testCase, context) {
      const compute = Object.hasOwn(operations, testCase.op) ? operations[testCase.op] : undefined
      if (!compute) return { status: 'failed', reason: `op '${testCase.op}' is not mapped` }
      const convention = conventions.find(
        (rule) => testCase.flags.includes('convention') && rule.appliesTo(testCase),
      )
      return checkComputation(testCase, context, compute, convention)
    },
  }
}
