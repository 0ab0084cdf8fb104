import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { MatrixView } from '../linear-algebra/multiply.ts'
import { leastUnits, teamProduct, type TeamProduct } from '../linear-algebra/team-product.ts'
import type { Arena } from '../memory/arena.ts'
import { mergeAxes, outerCount, outerOffset } from '../merge-axes.ts'
import type { Wasm } from '../wasm/wasm.ts'

/** Products of matrices in WebAssembly, whose work the team shares. */
export function wasmMatmulKernels(wasm: Wasm): KernelTable {
  const product = teamProduct(wasm)
  return {
    'qkv/matmul': { run: (call, arena) => matmul(call, arena, wasm, product), readsStrides: true },
  }
}

function matmul(call: OpCall, arena: Arena, wasm: Wasm, product: TeamProduct): readonly BufferHandle[] {
  const [a, b] = call.inputs
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  const size = sizeOf(spec.shape)
  if (size === 0) return [out]
  const rows = spec.shape.at(-2)!
  const columns = spec.shape.at(-1)!
  const inner = a!.spec.shape.at(-1)!
  const left = matrixOf(startOf(call, 0), a!.layout.strides)
  const right = matrixOf(startOf(call, 1), b!.layout.strides)
  const target = out.address / 4
  const products = size / (rows * columns)
  if (products === 1) {
    product.multiply(arena, { rows, inner, columns, left, right, bias: -1, target })
    return [out]
  }
  const outer = spec.shape.slice(0, -2)
  const { shape, strides } = mergeAxes(outer, [
    a!.layout.strides.slice(0, -2),
    b!.layout.strides.slice(0, -2),
  ])
  const [outerA, outerB] = strides as [readonly number[], readonly number[]]
  const across = shape.length - 2
  const along = shape.length - 1
  // A right matrix that is the same for all: the left ones are rows of one, if they lie one after the other.
  if (shape.length === 2 && shape[0] === 1 && outerB[1] === 0 && outerA[1] === rows * left.rowStride) {
    product.multiply(arena, { rows: rows * products, inner, columns, left, right, bias: -1, target })
    return [out]
  }
  const { exports, team } = wasm
  const operations = 2 * rows * inner * columns
  const count = outerCount(shape)
  const scratchBytes = exports.multiplyScratchBytes(rows, inner, columns)
  for (let index = 0; index < count; index++) {
    const startA = left.start + outerOffset(shape, outerA, index)
    const startB = right.start + outerOffset(shape, outerB, index)
    const units = shape[across]! * shape[along]!
    team.split(
      exports.multiplyMany,
      units,
      leastUnits(operations),
      rows,
      inner,
      columns,
      4 * startA,
      4 * left.rowStride,
      4 * left.columnStride,
      4 * outerA[across]!,
      4 * outerA[along]!,
      4 * startB,
      4 * right.rowStride,
      4 * right.columnStride,
      4 * outerB[across]!,
      4 * outerB[along]!,
      shape[along]!,
      4 * (target + index * units * rows * columns),
      arena.scratch(scratchBytes * team.size),
      scratchBytes,
    )
  }
  return [out]
}

function matrixOf(start: number, strides: readonly number[]): MatrixView {
  return { start, rowStride: strides.at(-2)!, columnStride: strides.at(-1)! }
}
