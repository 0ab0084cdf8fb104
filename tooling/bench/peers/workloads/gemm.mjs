import { createGenerator, normalArray } from './random-arrays.mjs'

const sizes = [
  [128, 128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [32, 256, 256],
  [8, 1024, 256],
]

/**
 * a `[rows, inner]` times b `[inner, columns]`. As in a linear layer, b is a weight: the same in every run, so whoever packs
 * weights once may do so.
 * @type {readonly import('../source/contract.d.ts').Workload[]}
 */
export const gemm = sizes.map(([rows, columns, inner]) => ({
  name: `gemm-${rows}x${columns}x${inner}`,
  kind: 'gemm',
  settings: { rows, columns, inner },
  createInputs() {
    const generator = createGenerator(1)
    return new Map([
      ['a', normalArray(generator, [rows, inner])],
      ['b', normalArray(generator, [inner, columns])],
    ])
  },
  unitsPerRun: 1,
  unit: 'product',
  operations: 2 * rows * columns * inner,
  checkedRuns: 1,
  tolerance: 1e-5,
}))
