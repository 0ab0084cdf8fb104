import { type BufferHandle, type OpCall, sizeOf, type TensorSpec } from '@qkv/tensor'
import { inputBuffer, type KernelTable, startOf } from '../../kernel.ts'
import { leastUnits, teamProduct, type TeamProduct } from '../../linear-algebra/team-product.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'

/** Up to this many rows are rounded to 16 bits and multiplied with the weight as it lies; more make a float32 weight worth it. */
const fewRows = 32

/** Products with weights of 8 bits in WebAssembly. */
export function wasmQuantizedKernels(wasm: Wasm): KernelTable {
  const product = teamProduct(wasm)
  return {
    'qkv/dequantize': { run: (call, arena) => [dequantize(call, arena, wasm, 0)] },
    'qkv/quantizedLinear': {
      run: (call, arena) => quantizedLinear(call, arena, wasm, product),
      supports: ([x]: readonly TensorSpec[]) => x!.shape.at(-1) !== 0,
    },
  }
}

function quantizedLinear(
  call: OpCall,
  arena: Arena,
  wasm: Wasm,
  product: TeamProduct,
): readonly BufferHandle[] {
  const [columns, inner] = call.inputs[1]!.spec.shape as readonly [number, number]
  const out = arena.allocate(call.outputs[0]!)
  const size = sizeOf(call.outputs[0]!.shape)
  if (size === 0) return [out]
  const rows = size / columns
  if (rows <= fewRows && multiplyRounded(call, arena, wasm, rows, out.address)) return [out]
  const weight = dequantize(call, arena, wasm, 1)
  product.multiply(arena, {
    rows,
    inner,
    columns,
    left: { start: startOf(call, 0), rowStride: inner, columnStride: 1 },
    right: { start: weight.address / 4, rowStride: 1, columnStride: inner },
    bias: call.inputs.length > 3 ? startOf(call, 3) : -1,
    target: out.address / 4,
  })
  arena.release(weight)
  return [out]
}

/** False when an element of the rows is not finite: 16 bits do not hold it. */
function multiplyRounded(
  call: OpCall,
  arena: Arena,
  { exports, team }: Wasm,
  rows: number,
  target: number,
): boolean {
  const [columns, inner] = call.inputs[1]!.spec.shape as readonly [number, number]
  const blocks = call.inputs[2]!.spec.shape[1]!
  const rowBytes = exports.quantizedRowBytes(inner, blocks)
  const rounded = arena.scratch(rows * (rowBytes + 4))
  const factors = rounded + rows * rowBytes
  team.split(
    exports.quantizeLeftRows,
    rows,
    leastUnits(8 * inner),
    inner,
    blocks,
    4 * startOf(call, 0),
    rounded,
    factors,
  )
  const { float32 } = arena.heap
  for (let index = factors / 4; index < factors / 4 + rows; index++) {
    if (!Number.isFinite(float32[index]!)) return false
  }
  team.split(
    exports.multiplyQuantized,
    columns,
    leastUnits(rows * inner),
    rows,
    inner,
    columns,
    blocks,
    rounded,
    factors,
    inputBuffer(call, 1).address,
    4 * startOf(call, 2),
    call.inputs.length > 3 ? 4 * startOf(call, 3) : 0,
    target,
  )
  return true
}

/** A buffer with the numbers that the weight stands for, which is the input `first`, and its scale the next one. */
function dequantize(
  call: OpCall,
  arena: Arena,
  { exports, team }: Wasm,
  first: number,
): ReturnType<Arena['allocate']> {
  const [rows, inner] = call.inputs[first]!.spec.shape as readonly [number, number]
  const blocks = call.inputs[first + 1]!.spec.shape[1]!
  const out = arena.allocate({ shape: [rows, inner], dtype: 'float32' })
  team.split(
    exports.dequantize,
    rows,
    leastUnits(8 * inner),
    inner,
    blocks,
    inputBuffer(call, first).address,
    4 * startOf(call, first + 1),
    out.address,
  )
  return out
}
