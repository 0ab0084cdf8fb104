import { allocateHostArray, type HostArray, type TensorSpec } from '@qkv/tensor'

/** Any element type as floats, which is all that kernels know. */
export function toFloats(data: HostArray, { dtype }: TensorSpec): Float32Array {
  if (dtype === 'float32' && data instanceof Float32Array) return data.slice()
  return Float32Array.from(data)
}

/** Floats as the element type of a tensor. */
export function fromFloats(numbers: Float32Array, { dtype }: TensorSpec): HostArray {
  if (dtype === 'float32') return numbers
  const data = allocateHostArray(dtype, numbers.length)
  data.set(numbers)
  return data
}
