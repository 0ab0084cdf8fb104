import { type Device, matmul, mul, reshape, sub, sum } from '@qkv/tensor'
import { type Matrix, toMatrix } from '../matrix.ts'

export interface WeightedSumInput {
  /** `[query, key]` */
  readonly weights: readonly (readonly number[])[]
  /** One number per key. */
  readonly values: readonly number[]
  /** Results to compare with, one per query. */
  readonly printed: readonly number[]
}

export interface WeightedSum {
  /** `[query, 1]` */
  readonly output: Matrix
  /** `[query, key]`: each weight times its value. */
  readonly products: Matrix
  /** Sums of the weights of each query. */
  readonly weightSums: Matrix
  /** Of the values, of the outputs, and of the printed results. */
  readonly totals: { readonly values: number; readonly outputs: number; readonly printed: number }
  /** Outputs less printed results, `[query, 1]`. */
  readonly difference: Matrix
}

/** Weighted sums of numbers, beside results that somebody else wrote down. */
export function computeWeightedSum(device: Device, input: WeightedSumInput): WeightedSum {
  const length = input.values.length
  const weights = device.tensor(input.weights)
  const values = device.tensor(input.values)
  const printed = device.tensor(input.printed, { shape: [length, 1] })
  const output = matmul(weights, reshape(values, [length, 1]))
  return {
    output: toMatrix(output),
    products: toMatrix(mul(weights, values)),
    weightSums: toMatrix(sum(weights, { axis: -1, keepAxes: true })),
    totals: {
      values: sum(values).readSync()[0]!,
      outputs: sum(output).readSync()[0]!,
      printed: sum(printed).readSync()[0]!,
    },
    difference: toMatrix(sub(output, printed)),
  }
}
