import { createGenerator, normalArray } from './random-arrays.mjs'

const rows = 256
const columns = 256
const x = () => normalArray(createGenerator(2), [rows, columns], { deviation: 2 })

const kernel = (kind, more = {}) => ({
  name: kind,
  kind,
  settings: { rows, columns },
  createInputs: () => new Map([['x', x()]]),
  unitsPerRun: rows * columns,
  unit: 'element',
  checkedRuns: 1,
  tolerance: 1e-5,
  ...more,
})

/**
 * Kernels over 65,536 elements: softmax and layer norm along the last axis, GELU in its tanh form, and AdamW.
 * @type {readonly import('../source/contract.d.ts').Workload[]}
 */
export const kernels = [
  kernel('softmax'),
  kernel('layer-norm', {
    createInputs() {
      const generator = createGenerator(3)
      return new Map([
        ['x', x()],
        ['weight', normalArray(generator, [columns], { mean: 1, deviation: 0.1 })],
        ['bias', normalArray(generator, [columns], { deviation: 0.1 })],
      ])
    },
  }),
  kernel('gelu'),
  // The parameter after three steps with one gradient.
  kernel('adam-w', {
    createInputs() {
      const generator = createGenerator(4)
      return new Map([
        ['parameter', normalArray(generator, [rows, columns], { deviation: 0.1 })],
        ['gradient', normalArray(generator, [rows, columns], { deviation: 0.01 })],
      ])
    },
    checkedRuns: 3,
  }),
]
