import { type BufferHandle, type FusedActivation, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../../kernel.ts'
import {
  type Activation,
  fewRows,
  panelBytes,
  panelColumns,
  type Product,
  rowPanelColumns,
  teamProduct,
  type TeamProduct,
} from '../../linear-algebra/team-product.ts'
import type { WeightPanels } from '../../linear-algebra/weight-panels.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { sumOfColumns } from './reduce.ts'

/** Linear layers in WebAssembly, whose work the team shares. */
export function wasmLinearKernels(wasm: Wasm): KernelTable {
  const product = teamProduct(wasm)
  return {
    'qkv/linear': { run: (call, arena) => linear(call, arena, product, wasm.panels, 'none') },
    'qkv/linearActivation': {
      run: (call, arena) => {
        const { activation } = call.attrs as { readonly activation: FusedActivation }
        return linear(call, arena, product, wasm.panels, activation)
      },
    },
    'qkv/linearBackward': { run: (call, arena) => linearBackward(call, arena, product, wasm) },
  }
}

function linear(
  call: OpCall,
  arena: Arena,
  product: TeamProduct,
  panels: WeightPanels,
  activation: Activation,
): readonly BufferHandle[] {
  const weight = call.inputs[1]!
  const [columns, inner] = weight.spec.shape as readonly [number, number]
  const out = arena.allocate(call.outputs[0]!)
  const size = sizeOf(call.outputs[0]!.shape)
  if (size === 0) return [out]
  const left = { start: startOf(call, 0), rowStride: inner, columnStride: 1 }
  const right = { start: startOf(call, 1), rowStride: 1, columnStride: inner }
  const bias = call.inputs.length > 2 ? startOf(call, 2) : -1
  const own = { rows: size / columns, inner, columns, left, right, bias, activation, target: out.address / 4 }
  multiply(arena, own, product, panels, weight.handle)
  panels.done()
  return [out]
}

/** With the panels that the weight has, or gets. */
function multiply(
  arena: Arena,
  own: Product,
  product: TeamProduct,
  panels: WeightPanels,
  weight: BufferHandle,
): void {
  const { rows, inner, columns, right } = own
  const single = rows === 1
  const width = single ? rowPanelColumns : panelColumns
  const kept = panels.of(weight, {
    panelColumns: width,
    start: right.start,
    inner,
    columns,
    byteLength: panelBytes(inner, columns, width),
    atOnce: rows <= fewRows,
    pack: (address) => (single ? product.packForRow(own, address) : product.pack(own, address)),
  })
  if (kept === undefined && rows <= fewRows) product.multiply(arena, own)
  else if (kept !== undefined && single) product.multiplyRow(arena, own, kept)
  else product.multiplyPanels(arena, own, kept)
}

function linearBackward(
  call: OpCall,
  arena: Arena,
  product: TeamProduct,
  wasm: Wasm,
): readonly BufferHandle[] {
  const { needs } = call.attrs as { readonly needs: readonly [boolean, boolean, boolean] }
  const [out, width] = call.inputs[1]!.spec.shape as readonly [number, number]
  const rows = sizeOf(call.inputs[2]!.spec.shape.slice(0, -1))
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const remaining = outputs.values()
  const next = (): number => remaining.next().value!.address / 4
  const [x, weight, gradient] = [startOf(call, 0), startOf(call, 1), startOf(call, 2)]
  const run = (own: Omit<Product, 'bias' | 'target'>): void => {
    const target = next()
    if (own.rows * own.columns > 0) product.multiply(arena, { ...own, bias: -1, target })
  }
  if (needs[0])
    run({
      rows,
      inner: out,
      columns: width,
      left: { start: gradient, rowStride: out, columnStride: 1 },
      right: { start: weight, rowStride: width, columnStride: 1 },
    })
  if (needs[1])
    run({
      rows: out,
      inner: rows,
      columns: width,
      left: { start: gradient, rowStride: 1, columnStride: out },
      right: { start: x, rowStride: width, columnStride: 1 },
    })
  if (needs[2]) sumOfColumns(arena, wasm, 4 * next(), 4 * gradient, rows, out)
  return outputs
}
