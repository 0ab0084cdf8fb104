import type { Initializer } from '@qkv/nn'

/** Ones where both indices are the same, zeros elsewhere. */
export const identityMatrix: Initializer = ({ device }, shape) => {
  const [rows, columns] = shape as [number, number]
  const values = new Float32Array(rows * columns)
  for (let index = 0; index < Math.min(rows, columns); index++) values[index * columns + index] = 1
  return device.tensor(values, { shape })
}
