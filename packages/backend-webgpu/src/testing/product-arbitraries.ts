import { type Device, matmul, type Tensor, transpose } from '@qkv/tensor'
import fc from 'fast-check'
import { waves } from './arbitraries.ts'

/** The lengths of a product of matrices, and which factors are transposed views. */
export interface Factors {
  readonly batch: readonly number[]
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly views: readonly [boolean, boolean]
}

/** Lengths up to a bound, some of them 0. */
export function factorsUpTo(most: number): fc.Arbitrary<Factors> {
  return fc.record({
    batch: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    rows: fc.integer({ min: 0, max: most }),
    inner: fc.integer({ min: 0, max: most }),
    columns: fc.integer({ min: 0, max: most }),
    views: fc.tuple(fc.boolean(), fc.boolean()),
  })
}

/** The program of one product. */
export function productOf({
  batch,
  rows,
  inner,
  columns,
  views,
}: Factors): (device: Device) => readonly Tensor[] {
  const factor = (device: Device, shape: readonly number[], seed: number, turned: boolean): Tensor =>
    turned
      ? transpose(waves(device, [...batch, shape[1]!, shape[0]!], seed))
      : waves(device, [...batch, ...shape], seed)
  return (device) => [
    matmul(factor(device, [rows, inner], 1.1, views[0]), factor(device, [inner, columns], 0.6, views[1])),
  ]
}
