import { handleOf, type KernelTable } from '../../kernel.ts'
import { matrixOf } from './matrix.ts'
import { multiply } from './multiply.ts'

export const matmulKernels: KernelTable = {
  'qkv/matmul': {
    run(call, context) {
      const [a, b] = call.inputs
      const target = context.arena.allocate(call.outputs[0]!)
      const lengths = {
        rows: a!.spec.shape.at(-2)!,
        inner: a!.spec.shape.at(-1)!,
        columns: b!.spec.shape.at(-1)!,
      }
      const batch = a!.spec.shape.slice(0, -2)
      multiply(
        context,
        target,
        batch,
        matrixOf(handleOf(call, 0), a!.layout),
        matrixOf(handleOf(call, 1), b!.layout),
        lengths,
      )
      return [target]
    },
    readsStrides: true,
  },
}
