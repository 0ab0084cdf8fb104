import type { Tensor } from '@qkv/tensor'

/** Numbers as the worker sends them: the last axis is the columns, all others are rows. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** Reads a tensor of a float64 device. */
export function toMatrix(tensor: Tensor): Matrix {
  const columns = tensor.shape.at(-1)!
  const values = tensor.readSync() as Float64Array
  return { rows: tensor.size / columns, columns, values: values.slice() }
}
