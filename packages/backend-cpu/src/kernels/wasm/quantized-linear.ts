import { type BufferHandle, type OpCall, sizeOf, type TensorSpec } from '@qkv/tensor'
import { inputBuffer, type KernelTable, startOf } from '../../kernel.ts'
import { leastUnits, teamProduct, type TeamProduct } from '../../linear-algebra/team-product.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'

/** Of a panel in `assembly/product/quantized-panels.ts`. */
const panelColumns = 16

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

/** Rounds the rows to 16 bits, and multiplies whole numbers; but rows that 16 bits do not hold, by the numbers that the weight stands for. */
function quantizedLinear(
  call: OpCall,
  arena: Arena,
  wasm: Wasm,
  product: TeamProduct,
): readonly BufferHandle[] {
  const [columns] = call.inputs[1]!.spec.shape as readonly [number, number]
  const out = arena.allocate(call.outputs[0]!)
  const size = sizeOf(call.outputs[0]!.shape)
  if (size === 0) return [out]
  const finite = multiplyRounded(call, arena, wasm, size / columns, out.address)
  wasm.panels.done()
  if (!finite) multiplyDequantized(call, arena, wasm, product, size / columns, out.address)
  return [out]
}

/** False, and nothing is written, when an element of the rows is not finite. */
function multiplyRounded(call: OpCall, arena: Arena, wasm: Wasm, rows: number, target: number): boolean {
  const { exports, team } = wasm
  const [columns, inner] = call.inputs[1]!.spec.shape as readonly [number, number]
  const blocks = call.inputs[2]!.spec.shape[1]!
  const panels = panelsOf(call, wasm)
  const roundedBytes = rows * exports.quantizedRowBytes(inner, blocks)
  const ownBytes = panels.kept === undefined ? panels.byteLength : 0
  const factors = arena.scratch(4 * rows + roundedBytes + ownBytes)
  const rounded = factors + 4 * rows
  const left = 4 * startOf(call, 0)
  team.split(exports.quantizeLeftRows, rows, leastUnits(8 * inner), inner, blocks, left, rounded, factors)
  const { float32 } = arena.heap
  for (let index = factors / 4; index < rounded / 4; index++) {
    if (!Number.isFinite(float32[index]!)) return false
  }
  const packed = panels.kept ?? rounded + roundedBytes
  if (panels.kept === undefined) panels.pack(packed)
  team.split(
    exports.multiplyQuantized,
    Math.ceil(columns / panelColumns),
    leastUnits(2 * panelColumns * rows * inner),
    rows,
    inner,
    columns,
    blocks,
    rounded,
    factors,
    packed,
    4 * startOf(call, 2),
    call.inputs.length > 3 ? 4 * startOf(call, 3) : 0,
    target,
  )
  return true
}

function multiplyDequantized(
  call: OpCall,
  arena: Arena,
  wasm: Wasm,
  product: TeamProduct,
  rows: number,
  target: number,
): void {
  const [columns, inner] = call.inputs[1]!.spec.shape as readonly [number, number]
  const weight = dequantize(call, arena, wasm, 1)
  product.multiply(arena, {
    rows,
    inner,
    columns,
    left: { start: startOf(call, 0), rowStride: inner, columnStride: 1 },
    right: { start: weight.address / 4, rowStride: 1, columnStride: inner },
    bias: call.inputs.length > 3 ? startOf(call, 3) : -1,
    target: target / 4,
  })
  arena.release(weight)
}

/** Where the panels of the weight are kept; nowhere when there is no room for them, and each product makes its own. */
function panelsOf(
  call: OpCall,
  { exports, team, panels }: Wasm,
): {
  readonly kept: number | undefined
  readonly byteLength: number
  readonly pack: (address: number) => void
} {
  const weight = inputBuffer(call, 1)
  const [columns, inner] = call.inputs[1]!.spec.shape as readonly [number, number]
  const blocks = call.inputs[2]!.spec.shape[1]!
  const count = Math.ceil(columns / panelColumns)
  const byteLength = count * exports.quantizedPanelBytes(inner, blocks)
  const pack = (address: number): void => {
    const least = leastUnits(8 * panelColumns * inner)
    team.split(exports.packQuantized, count, least, inner, columns, blocks, weight.address, address)
  }
  const kept = panels.of(weight, {
    panelColumns,
    start: weight.address,
    inner,
    columns,
    byteLength,
    atOnce: true,
    pack,
  })
  return { kept, byteLength, pack }
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
