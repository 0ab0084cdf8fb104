import { type Device, matmul, randomUniform, type Tensor } from '@qkv/tensor'
import type { Workload } from './measure.ts'

/** Square products, and those of a small Transformer: `[rows, inner]` times `[inner, columns]`. */
const sizes = [
  [128, 128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
  [1024, 128, 512],
  [1024, 512, 128],
  [512, 128, 4000],
] as const

/** Products of matrices in several sizes. */
export function gemmWorkloads(device: Device): readonly Workload[] {
  const matrix = (rows: number, columns: number, seed: number): Tensor =>
    device.retain(randomUniform(device, [rows, columns], { key: [seed, 0] }))
  return sizes.map(([rows, inner, columns]) => {
    const left = matrix(rows, inner, 1)
    const right = matrix(inner, columns, 2)
    return {
      name: 'matmul',
      shape: `${rows}x${inner}x${columns}`,
      floatingPointOperations: 2 * rows * inner * columns,
      run: () => matmul(left, right),
    }
  })
}
