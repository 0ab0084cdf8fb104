import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import { type MatrixView, multiplyMatrices, productScratchBytes } from '../linear-algebra/multiply.ts'
import type { Arena } from '../memory/arena.ts'
import { outerOffset } from '../merge-axes.ts'

/** Transposed and broadcast operands are read as they lie. */
export const matmulKernels: KernelTable = {
  'qkv/linear': { run: linear },
  'qkv/matmul': { run: matmul, readsStrides: true },
}

function matmul(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const [a, b] = call.inputs
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  const size = sizeOf(spec.shape)
  if (size === 0) return [out]
  const rows = spec.shape.at(-2)!
  const columns = spec.shape.at(-1)!
  const inner = a!.spec.shape.at(-1)!
  const scratch = arena.scratch(productScratchBytes(inner, columns)) / 8
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
    multiplyMatrices(heap, scratch, left, right, -1, target, rows, inner, columns)
  }
  return [out]
}

function matrixOf(strides: readonly number[]): MatrixView {
  return { start: 0, rowStride: strides.at(-2)!, columnStride: strides.at(-1)! }
}

function linear(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const [columns, inner] = call.inputs[1]!.spec.shape as readonly [number, number]
  const out = arena.allocate(call.outputs[0]!)
  const size = sizeOf(call.outputs[0]!.shape)
  if (size === 0) return [out]
  const rows = size / columns
  const scratch = arena.scratch(productScratchBytes(inner, columns)) / 8
  const left: MatrixView = { start: startOf(call, 0), rowStride: inner, columnStride: 1 }
  const right: MatrixView = { start: startOf(call, 1), rowStride: 1, columnStride: inner }
  const bias = call.inputs.length > 2 ? startOf(call, 2) : -1
  multiplyMatrices(arena.heap, scratch, left, right, bias, out.address >>> 2, rows, inner, columns)
  return [out]
}
