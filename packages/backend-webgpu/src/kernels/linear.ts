import { type Layout, type OpInput, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelContext, type KernelTable } from '../kernel.ts'
import type { GpuHandle } from '../memory/arena.ts'
import { mergeAxes } from '../merge-axes.ts'
import { copyDense } from './copy-elements.ts'
import type { Epilogue } from './matmul/epilogue.ts'
import { type Matrix, matrixOf, transposed } from './matmul/matrix.ts'
import { multiply } from './matmul/multiply.ts'
import { reduceInto } from './reduce.ts'

/** An input with all axes but the last as rows, and the copy that this took where its strides do not allow it. */
interface Rows {
  readonly matrix: Matrix
  readonly rows: number
  readonly layout: Layout
  readonly copy: GpuHandle | undefined
}

function rowsOf(input: OpInput, context: KernelContext): Rows {
  const { shape } = input.spec
  const rows = sizeOf(shape.slice(0, -1))
  const width = shape.at(-1)!
  const { strides, offset } = input.layout
  const merged = mergeAxes(shape.slice(0, -1), [strides.slice(0, -1)])
  if (merged.shape.length > 1) {
    const copy = copyDense(input, context)
    const layout = { strides: [width, 1], offset: 0 }
    return { matrix: matrixOf(copy, layout), rows, layout, copy }
  }
  const layout = { strides: [merged.strides[0]![0] ?? width, strides.at(-1)!], offset }
  return { matrix: matrixOf(input.handle as GpuHandle, layout), rows, layout, copy: undefined }
}

function matrixOfInput({ handle, layout }: OpInput): Matrix {
  return matrixOf(handle as GpuHandle, layout)
}

function linear(activation: (attrs: unknown) => Epilogue['activation']): Kernel {
  return {
    run(call, context) {
      const [x, weight, bias] = call.inputs
      const { arena } = context
      const target = arena.allocate(call.outputs[0]!)
      const [columns, inner] = weight!.spec.shape as readonly [number, number]
      const { matrix, rows, copy } = rowsOf(x!, context)
      const denseBias = bias && copyIfStrided(bias, context)
      const epilogue = { bias: denseBias, activation: activation(call.attrs) }
      multiply(
        context,
        target,
        [],
        matrix,
        transposed(matrixOfInput(weight!)),
        { rows, inner, columns },
        epilogue,
      )
      if (copy) arena.release(copy)
      if (denseBias && denseBias !== bias.handle) arena.release(denseBias)
      return [target]
    },
    readsStrides: true,
  }
}

/** The bias is read by column, from its beginning. */
function copyIfStrided(input: OpInput, context: KernelContext): GpuHandle {
  const { strides, offset } = input.layout
  return strides[0] === 1 && offset === 0 ? (input.handle as GpuHandle) : copyDense(input, context)
}

const linearBackward: Kernel = {
  run(call, context) {
    const { needs } = call.attrs as { readonly needs: readonly [boolean, boolean, boolean] }
    const { arena } = context
    const [x, weight, gradient] = call.inputs
    const targets = call.outputs.map((spec) => arena.allocate(spec))
    const remaining = [...targets]
    const [columns, inner] = weight!.spec.shape as readonly [number, number]
    const outer = rowsOf(gradient!, context)
    const { rows } = outer
    if (needs[0]) {
      const lengths = { rows, inner: columns, columns: inner }
      multiply(context, remaining.shift()!, [], outer.matrix, matrixOfInput(weight!), lengths)
    }
    if (needs[1]) {
      const given = rowsOf(x!, context)
      const lengths = { rows: columns, inner: rows, columns: inner }
      multiply(context, remaining.shift()!, [], transposed(outer.matrix), given.matrix, lengths)
      if (given.copy) arena.release(given.copy)
    }
    if (needs[2]) {
      const { handle } = outer.matrix
      reduceInto(context, 'sum', remaining.shift()!, handle, [rows, columns], outer.layout, [0], 'f32')
    }
    if (outer.copy) arena.release(outer.copy)
    return targets
  },
  readsStrides: true,
}

export const linearKernels: KernelTable = {
  'qkv/linear': linear(() => undefined),
  'qkv/linearActivation': linear(
    (attrs) => (attrs as { readonly activation: Epilogue['activation'] }).activation,
  ),
  'qkv/linearBackward': linearBackward,
}
