import { type Device, linear, matmul, randomUniform, type Tensor, transpose } from '@qkv/tensor'
import type { Workload } from '../workload.ts'
import { type Suite, timedSuite } from './suite.ts'

const squares = [128, 256, 512, 1024]

/** Rows of activations times weights that stay: short sentences, and a few of them that are decoded at once. */
const layers = [
  [32, 256, 256],
  [8, 1024, 256],
] as const

/** `[rows, inner]` times `[inner, columns]`; T stands for the one of the two that lies transposed in memory. */
const forms = {
  'matmul NN': (left: Tensor, right: Tensor) => matmul(left, right),
  'matmul NT': (left: Tensor, right: Tensor) => matmul(left, transpose(right)),
  'matmul TN': (left: Tensor, right: Tensor) => matmul(transpose(left), right),
} as const

/** Products of matrices: square ones in three forms, and rows times weights that do not change. */
export const gemm: Suite = timedSuite(
  'gemm',
  'Products of matrices: square ones, as they lie (N) or transposed (T), and layers whose weights do not change.',
  (device) => {
    const matrix = (rows: number, columns: number): Tensor =>
      device.retain(randomUniform(device, [rows, columns], { key: [rows, columns] }))
    return [
      ...squares.flatMap((size) => {
        const [left, right] = [matrix(size, size), matrix(size, size)]
        return Object.entries(forms).map(([name, multiply]) => ({
          name,
          shape: `${size}x${size}x${size}`,
          run: () => multiply(left, right),
        }))
      }),
      ...layers.map(([rows, inner, columns]) => layer(device, matrix, rows, inner, columns)),
    ]
  },
)

function layer(
  device: Device,
  matrix: (rows: number, columns: number) => Tensor,
  rows: number,
  inner: number,
  columns: number,
): Workload {
  const x = matrix(rows, inner)
  const weight = matrix(columns, inner)
  const bias = device.retain(randomUniform(device, [columns], { key: [1, columns] }))
  return { name: 'linear', shape: `${rows}x${inner}x${columns}`, run: () => linear(x, weight, bias) }
}
