import { ArgumentError } from '../errors/argument-error.ts'
import type { Tensor } from '../tensor.ts'
import { equal } from './equal.ts'
import { gather } from './gather.ts'
import { arange } from './iota.ts'
import { reshape } from './reshape.ts'
import { where } from './where.ts'

/** Whether a class is the target of a row, `[rows, classes]`; rows that are ignored have whatever target. */
export function isTarget(targets: Tensor, classes: number, ignoreIndex: number | null): Tensor {
  const list = arange(targets.device, classes)
  // The detour over a list of classes makes a target out of range an error, on backends that check indices.
  const looked = lookUpTargets(list, targets, ignoreIndex)
  return equal(reshape(looked, [targets.size, 1]), list)
}

/** The entry of a list `[classes]` at each target `[rows]`; of class 0 where the row is ignored. */
export function lookUpTargets(list: Tensor, targets: Tensor, ignoreIndex: number | null): Tensor {
  const known = ignoreIndex === null ? targets : where(equal(targets, ignoreIndex), 0, targets)
  try {
    return gather(list, known)
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    throw new ArgumentError({
      operation: 'crossEntropy',
      argument: 'targets',
      got: error.got,
      expected: `a class from 0 to ${list.size - 1}${ignoreIndex === null ? '' : `, or ${ignoreIndex} to ignore the row`}`,
      fix: 'Check the number of classes, or set `ignoreIndex` for targets that do not count.',
    })
  }
}
