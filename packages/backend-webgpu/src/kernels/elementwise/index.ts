import type { Kernel, KernelTable } from '../../kernel.ts'
import { compositeFormulas } from './composites.ts'
import type { Formula } from './formula.ts'
import { primitiveFormulas } from './primitives.ts'
import { runElementwise } from './run-elementwise.ts'

/** Every op that has a formula for its elements. */
export const elementwiseKernels: KernelTable = Object.fromEntries(
  Object.entries({ ...primitiveFormulas, ...compositeFormulas }).map(([name, formula]) => [
    name,
    kernelOf(formula),
  ]),
)

function kernelOf(formula: Formula): Kernel {
  return {
    run: (call, context) => runElementwise(call, context, formula),
    readsStrides: true,
    supports: ([a]) => !formula.floatsOnly || a!.dtype === 'float32',
  }
}
