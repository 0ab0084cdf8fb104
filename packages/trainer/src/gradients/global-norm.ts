import { abs, add, ArgumentError, max, maximum, mul, pow, sqrt, sum, type Tensor } from '@qkv/tensor'

/**
 * The norm of all tensors together, as if they were one vector: a scalar tensor. `order` is 2 unless said; 1, Infinity
 * and any other positive number are allowed. Throws an `ArgumentError` when there is no tensor.
 *
 * @example
 * const norm = await globalNorm(gradients.values()).item()
 */
export function globalNorm(tensors: Iterable<Tensor>, options: { readonly order?: number } = {}): Tensor {
  const { order = 2 } = options
  const all = [...tensors]
  const first = all[0]
  if (!first || !(order > 0)) {
    throw new ArgumentError({
      operation: 'globalNorm',
      argument: first ? 'order' : 'tensors',
      got: first ? `is ${order}` : 'is empty',
      expected: first ? 'a number above 0, or Infinity' : 'at least one tensor',
      fix: first
        ? 'Leave it out for the usual norm.'
        : 'Pass the gradients of a model with trainable parameters.',
    })
  }
  const { device } = first
  return device.scoped(() => {
    // A scope each, so that only one tensor of powers is alive at a time.
    const parts = all.map((tensor) => device.scoped(() => part(tensor, order)))
    if (order === Infinity) return parts.reduce((largest, each) => maximum(largest, each))
    const total = parts.reduce((sum, each) => add(sum, each))
    return order === 2 ? sqrt(total) : pow(total, 1 / order)
  })
}

function part(tensor: Tensor, order: number): Tensor {
  if (order === 2) return sum(mul(tensor, tensor))
  return order === Infinity ? max(abs(tensor)) : sum(pow(abs(tensor), order))
}
