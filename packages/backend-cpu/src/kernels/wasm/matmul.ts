import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../../kernel.ts'
import type { MatrixView } from '../../linear-algebra/multiply.ts'
import { leastUnits, type Product, teamProduct, type TeamProduct } from '../../linear-algebra/team-product.ts'
import type { Arena } from '../../memory/arena.ts'
import { mergeAxes, outerCount, outerOffset } from '../../merge-axes.ts'
import type { Wasm } from '../../wasm/wasm.ts'

/** Operations of a product that all threads can share. */
const largeProduct = 20_000_000

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
  const count = outerCount(shape)
  for (let index = 0; index < count; index++) {
    multiplyMany(arena, wasm, product, {
      rows,
      inner,
      columns,
      left: { ...left, start: left.start + outerOffset(shape, outerA, index) },
      right: { ...right, start: right.start + outerOffset(shape, outerB, index) },
      bias: -1,
      target: target + index * shape[across]! * shape[along]! * rows * columns,
      across: { length: shape[across]!, left: outerA[across]!, right: outerB[across]! },
      along: { length: shape[along]!, left: outerA[along]!, right: outerB[along]! },
    })
  }
  return [out]
}

/** Steps of the operands from one product to the next. */
interface Axis {
  readonly length: number
  readonly left: number
  readonly right: number
}

/** Each thread takes whole products, or, when these are few and large, all share one after the other. */
function multiplyMany(
  arena: Arena,
  { exports, team }: Wasm,
  product: TeamProduct,
  own: Product & { readonly across: Axis; readonly along: Axis },
): void {
  const { rows, inner, columns, left, right, target, across, along } = own
  const units = across.length * along.length
  const operations = 2 * rows * inner * columns
  if (units < 4 * team.size && operations > largeProduct) {
    for (let unit = 0; unit < units; unit++) {
      const [outer, step] = [Math.floor(unit / along.length), unit % along.length]
      product.multiply(arena, {
        ...own,
        left: { ...left, start: left.start + outer * across.left + step * along.left },
        right: { ...right, start: right.start + outer * across.right + step * along.right },
        target: target + unit * rows * columns,
      })
    }
    return
  }
  const scratchBytes = exports.multiplyScratchBytes(rows, inner, columns)
  team.split(
    exports.multiplyMany,
    units,
    leastUnits(operations),
    rows,
    inner,
    columns,
    4 * left.start,
    4 * left.rowStride,
    4 * left.columnStride,
    4 * across.left,
    4 * along.left,
    4 * right.start,
    4 * right.rowStride,
    4 * right.columnStride,
    4 * across.right,
    4 * along.right,
    along.length,
    4 * target,
    arena.scratch(scratchBytes * team.size),
    scratchBytes,
  )
}

function matrixOf(start: number, strides: readonly number[]): MatrixView {
  return { start, rowStride: strides.at(-2)!, columnStride: strides.at(-1)! }
}
