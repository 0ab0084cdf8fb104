import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { type MatrixView, multiplyMatrices, multiplyScratchBytes } from '../linear-algebra/multiply.ts'
import { outerOffset } from '../merge-axes.ts'

export const matmulKernels: KernelTable = {
  'qkv/matmul': { run: matmul, readsStrides: true },
}

function matmul(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const [a, b] = call.inputs
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  const size = sizeOf(spec.shape)
  if (size === 0) return [out]
  const rank = spec.shape.length
  const rows = spec.shape[rank - 2]!
  const columns = spec.shape[rank - 1]!
  const inner = a!.spec.shape.at(-1)!
  const scratch = arena.scratch(multiplyScratchBytes(inner, columns)) / 8
  const { heap } = arena
  const left = matrixOf(a!.layout.strides)
  const right = matrixOf(b!.layout.strides)
  const startA = startOf(call, 0)
  const startB = startOf(call, 1)
  const products = size / (rows * columns)
  for (let index = 0; index < products; index++) {
    left.start = startA + outerOffset(a!.spec.shape, a!.layout.strides, index)
    right.start = startB + outerOffset(b!.spec.shape, b!.layout.strides, index)
    const target = (out.address >>> 2) + index * rows * columns
    multiplyMatrices(heap, scratch, left, right, target, rows, inner, columns)
  }
  return [out]
}

function matrixOf(strides: readonly number[]): MatrixView {
  return { start: 0, rowStride: strides.at(-2)!, columnStride: strides.at(-1)! }
}
