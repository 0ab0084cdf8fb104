import { copy, type Tensor } from '@qkv/tensor'

/**
 * Takes a tensor out of every scope, so that it lives until it is disposed; one that shares its buffer with others,
 * or is broadcast, is replaced by a dense copy, so that optimizers can update it in place.
 */
export function ownTensor(tensor: Tensor): Tensor {
  if (tensor.exclusive) return tensor.device.retain(tensor)
  const dense = copy(tensor)
  tensor.dispose()
  return dense.device.retain(dense)
}
