import type { Parameter } from '@qkv/nn'
import { ArgumentError, formatShape, sameShape, ShapeError, type Tensor } from '@qkv/tensor'
import { checkFromZero } from '../check-settings.ts'

/** A parameter and what its next step is made from. */
export interface ParameterGradient {
  readonly path: string
  readonly parameter: Parameter
  readonly gradient: Tensor
}

/** The parameters that an optimizer works on: frozen ones have no gradient, and get no memory. */
export function trainableOnes(parameters: ReadonlyMap<string, Parameter>): ReadonlyMap<string, Parameter> {
  return new Map([...parameters].filter(([, parameter]) => parameter.trainable))
}

/**
 * Each gradient with its parameter. Everything is checked before the first parameter changes: donation has no way back.
 */
export function matchGradients(
  operation: string,
  parameters: ReadonlyMap<string, Parameter>,
  gradients: ReadonlyMap<string, Tensor>,
  learningRate: number,
): readonly ParameterGradient[] {
  checkFromZero(operation, 'learningRate', learningRate)
  return [...gradients].map(([path, gradient]) => {
    const parameter = parameters.get(path)
    if (!parameter) throw unknownPathError(operation, path)
    if (sameShape(gradient.shape, parameter.shape)) return { path, parameter, gradient }
    throw new ShapeError({
      operation,
      argument: `gradients of '${path}'`,
      got: `have shape ${formatShape(gradient.shape)}`,
      expected: `the shape of the parameter, ${formatShape(parameter.shape)}`,
      fix: 'Pass the gradients that `moduleValueAndGrad` gives.',
    })
  })
}

function unknownPathError(operation: string, path: string): ArgumentError {
  return new ArgumentError({
    operation,
    argument: 'gradients',
    got: `hold '${path}'`,
    expected: 'only parameters that were trainable when the optimizer was made',
    fix: 'Set `trainable` before making the optimizer, and make it from the parameters of the same model.',
  })
}
