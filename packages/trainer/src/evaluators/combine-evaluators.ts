import type { Module } from '@qkv/nn'
import { ArgumentError } from '@qkv/tensor'
import type { Evaluator } from './evaluator.ts'

/**
 * One evaluator that runs several in order and gives the figures of all of them. Throws an `ArgumentError` when two give
 * a figure of the same name.
 *
 * @example
 * const evaluator = combineEvaluators([lossEvaluator(options), textEvaluator(others)])
 */
export function combineEvaluators<Model extends Module>(
  evaluators: readonly Evaluator<Model>[],
): Evaluator<Model> {
  return {
    name: evaluators.map(({ name }) => name).join('+'),
    async evaluate(model) {
      const owners = new Map<string, string>()
      const all: Record<string, number> = {}
      for (const evaluator of evaluators) {
        for (const [metric, value] of Object.entries(await evaluator.evaluate(model))) {
          const owner = owners.get(metric)
          if (owner !== undefined) throw sameNameError(metric, owner, evaluator.name)
          owners.set(metric, evaluator.name)
          all[metric] = value
        }
      }
      return all
    },
  }
}

function sameNameError(metric: string, first: string, second: string): ArgumentError {
  return new ArgumentError({
    operation: 'combineEvaluators',
    argument: 'evaluators',
    got: `give '${metric}' twice, by '${first}' and by '${second}'`,
    expected: 'figures of different names',
    fix: 'Wrap one of them in an evaluator that renames its figures.',
  })
}
