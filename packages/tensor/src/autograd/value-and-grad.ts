import { GradientError } from '../errors/gradient-error.ts'
import { full, zeros } from '../ops/full.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { pullback } from './pullback.ts'

/** A loss and its gradients, one per parameter and of its shape. */
export interface ValueAndGradients {
  readonly value: Tensor
  readonly gradients: readonly Tensor[]
}

/**
 * Runs `fn`, which returns a scalar loss, and gives the loss with its gradients with respect to `parameters`.
 * Everything else that `fn` made is freed. Calls nest, for derivatives of derivatives.
 *
 * Throws a `GradientError` when the loss is not a scalar, or passes through an operation without a gradient.
 *
 * @example
 * const { value, gradients } = valueAndGrad(() => mean(square(sub(matmul(x, weight), y))), [weight])
 */
export function valueAndGrad(fn: () => Tensor, parameters: readonly Tensor[]): ValueAndGradients {
  const device = parameters[0]?.device
  if (!device) {
    throw new GradientError({
      operation: 'valueAndGrad',
      argument: 'parameters',
      got: 'is empty',
      expected: 'at least one tensor to differentiate by',
      fix: 'Pass the parameters, for example `model.parameters()`.',
    })
  }
  for (const [index, parameter] of parameters.entries()) {
    if (parameter.dtype === 'float32') continue
    throw new GradientError({
      operation: 'valueAndGrad',
      argument: `parameter ${index}`,
      got: `has dtype ${parameter.dtype}`,
      expected: 'float32',
      fix: 'Only floating-point tensors have gradients: cast it, or leave it out.',
    })
  }
  const targets = [...new Set(parameters)]
  return device.scoped(() => {
    const { outputs, gradients } = pullback(
      device,
      () => {
        const loss = fn()
        if (loss.size !== 1) {
          throw new GradientError({
            operation: 'valueAndGrad',
            argument: 'fn',
            got: `returned shape ${formatShape(loss.shape)}`,
            expected: 'a scalar loss',
            fix: 'Reduce it with `mean(loss)` or `sum(loss)`.',
          })
        }
        return [loss]
      },
      targets,
      ([loss]) => [full(device, loss!.shape, 1)],
    )
    const all = targets.map((target, index) => gradients[index] ?? zeros(device, target.shape))
    return { value: outputs[0]!, gradients: parameters.map((parameter) => all[targets.indexOf(parameter)]!) }
  })
}
