import { sizeOf } from '@qkv/tensor'
import { here, type KernelTable } from '../kernel.ts'
import { linesOf, startOfLine } from './along-axis.ts'

export const softmax: KernelTable = {
  'qkv/softmax': {
    run({ inputs: [x], attrs, size }, launcher) {
      const { axis } = attrs as { readonly axis: number }
      const lines = linesOf(x!.shape, axis)
      const count = sizeOf(x!.shape) / lines.length
      const start = startOfLine(lines, here)
      const loop = (statement: string): string => `for (let k = 0; k < ${lines.length}; k++) { ${statement} }`
      const peaks = launcher.run(
        `let total = x0[${start}]; ${loop(`total = larger(total, x0[${start} + k * ${lines.inner}]);`)} return total;`,
        [x!.array],
        count,
      )
      const sums = launcher.run(
        `let total = 0; const peak = x1[${here}];
        ${loop(`total += exponential(x0[${start} + k * ${lines.inner}] - peak);`)} return total;`,
        [x!.array, peaks],
        count,
      )
      const line = lineNumber(lines.length, lines.inner)
      const body = `return exponential(x0[${here}] - x1[${line}]) / x2[${line}];`
      return [launcher.run(body, [x!.array, peaks, sums], size)]
    },
  },
}

/** The number of the line that an element is in. */
function lineNumber(length: number, inner: number): string {
  return inner === 1
    ? `quotient(${here}, ${length})`
    : `quotient(${here}, ${length * inner}) * ${inner} + remainder(${here}, ${inner})`
}
