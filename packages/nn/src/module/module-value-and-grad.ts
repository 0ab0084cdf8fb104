import { GradientError, type Tensor, valueAndGrad } from '@qkv/tensor'
import type { Module } from './module.ts'

/** A loss, and its gradients by the path of the parameter. */
export interface ModuleValueAndGradients {
  readonly value: Tensor
  readonly gradients: Map<string, Tensor>
}

/**
 * Runs `fn`, which returns a scalar loss, and gives the loss with its gradients by all trainable parameters of
 * `module`. Throws a `GradientError` when there is none.
 *
 * @example
 * const { value, gradients } = moduleValueAndGrad(model, () => mean(square(sub(model.forward(x), y))))
 */
export function moduleValueAndGrad(module: Module, fn: () => Tensor): ModuleValueAndGradients {
  const parameters = module.trainableParameters()
  if (parameters.size === 0) {
    throw new GradientError({
      operation: 'moduleValueAndGrad',
      argument: 'module',
      got: `${module.constructor.name} has no trainable parameter`,
      expected: 'at least one',
      fix: 'Set `parameter.trainable = true` on those that are to be trained.',
    })
  }
  const { value, gradients } = valueAndGrad(
    fn,
    [...parameters.values()].map((parameter) => parameter.value),
  )
  return { value, gradients: new Map([...parameters.keys()].map((path, index) => [path, gradients[index]!])) }
}
