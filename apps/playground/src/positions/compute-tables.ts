import { type DivisorFormula, sinusoidalTable } from '@qkv/attention'
import {
  abs,
  argmax,
  type Device,
  matmul,
  max,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { type Matrix, toMatrix } from '../matrix.ts'

export const formulas = ['exponential', 'power', 'vectorized'] as const satisfies readonly DivisorFormula[]

export interface TablesInput {
  /** Positions. */
  readonly length: number
  /** Numbers per position. */
  readonly width: number
}

/** Where two tables differ most. */
export interface TableDifference {
  readonly first: DivisorFormula
  readonly second: DivisorFormula
  readonly largest: number
  /** Index of it in the tables, row-major. */
  readonly place: number
}

export interface Tables {
  readonly tables: Readonly<Record<DivisorFormula, Matrix>>
  readonly differences: readonly TableDifference[]
  /** Dot products of all pairs of positions `[length, length]`. */
  readonly products: Matrix
  /** The most that a dot product changes when both positions move on by one. */
  readonly drift: number
}

/** The sinusoidal table by each formula, how far they are apart, and what dot products of positions say. */
export function computeTables(device: Device, { length, width }: TablesInput): Tables {
  const tensors = formulas.map((formula) =>
    device.tensor(sinusoidalTable(length, width, { formula }), { shape: [length, width] }),
  )
  const [exponential, power, vectorized] = tensors as [Tensor, Tensor, Tensor]
  const products = matmul(exponential, transpose(exponential))
  const here = { start: 0, size: length - 1 }
  const next = { start: 1, size: length - 1 }
  const drift = max(abs(sub(slice(products, [here, here]), slice(products, [next, next]))))
  return {
    tables: {
      exponential: toMatrix(exponential),
      power: toMatrix(power),
      vectorized: toMatrix(vectorized),
    },
    differences: [
      difference('exponential', exponential, 'power', power),
      difference('exponential', exponential, 'vectorized', vectorized),
      difference('power', power, 'vectorized', vectorized),
    ],
    products: toMatrix(products),
    drift: drift.readSync()[0]!,
  }
}

function difference(first: DivisorFormula, a: Tensor, second: DivisorFormula, b: Tensor): TableDifference {
  const apart = reshape(abs(sub(a, b)), [a.size])
  return { first, second, largest: max(apart).readSync()[0]!, place: argmax(apart).readSync()[0]! }
}
