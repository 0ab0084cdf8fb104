import type { Tensor } from '../tensor.ts'

/** `result`, with the tensor that it was made from freed, so that functions leave nothing behind outside a scope. */
export function disposeTemporary(temporary: Tensor, result: Tensor): Tensor {
  if (result !== temporary) temporary.dispose()
  return result
}
