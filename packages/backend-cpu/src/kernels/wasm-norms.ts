import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import type { WasmExports } from '../generated/exports.ts'
import type { Wasm } from '../wasm/wasm.ts'
import { roundSums } from './layer-norm.ts'

const hasWidth = ([x]: readonly { readonly shape: readonly number[] }[]): boolean => x!.shape.at(-1) !== 0

/** Layer norm and RMS norm in WebAssembly. */
export function wasmNormKernels({ exports }: Wasm): KernelTable {
  return {
    'qkv/layerNorm': { run: (call, arena) => layerNorm(call, arena, exports), supports: hasWidth },
    'qkv/layerNormBackward': {
      run: (call, arena) => normBackward(call, arena, exports, true),
      supports: hasWidth,
    },
    'qkv/rmsNorm': { run: (call, arena) => rmsNorm(call, arena, exports), supports: hasWidth },
    'qkv/rmsNormBackward': {
      run: (call, arena) => normBackward(call, arena, exports, false),
      supports: hasWidth,
    },
  }
}

/** The byte where an input begins, or 0 where there is none: no tensor lies there. */
function addressOf(call: OpCall, index: number): number {
  return index < call.inputs.length ? 4 * startOf(call, index) : 0
}

function layerNorm(call: OpCall, arena: Arena, exports: WasmExports): readonly BufferHandle[] {
  const { epsilon } = call.attrs as { readonly epsilon: number }
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const [y, center, inverse] = outputs.map(({ address }) => address)
  const [source, weight, bias] = [addressOf(call, 0), addressOf(call, 1), addressOf(call, 2)]
  exports.layerNorm(y!, center!, inverse!, source, weight, bias, sizeOf(shape) / width, width, epsilon)
  return outputs
}

function rmsNorm(call: OpCall, arena: Arena, exports: WasmExports): readonly BufferHandle[] {
  const { epsilon } = call.attrs as { readonly epsilon: number }
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const [y, inverse] = outputs.map(({ address }) => address)
  const rows = sizeOf(shape) / width
  exports.rmsNorm(y!, inverse!, addressOf(call, 0), addressOf(call, 1), rows, width, epsilon)
  return outputs
}

/** Inputs: x, its centers if it has them, its inverse deviations, the gradient, and perhaps the weight. */
function normBackward(
  call: OpCall,
  arena: Arena,
  exports: WasmExports,
  centered: boolean,
): readonly BufferHandle[] {
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const totals = arena.scratch(24 * width)
  const { heap } = arena
  heap.float64.fill(0, totals / 8, totals / 8 + 2 * width)
  const first = centered ? 2 : 1
  const weight = addressOf(call, first + 2)
  exports.normBackward(
    outputs[0]!.address,
    addressOf(call, 0),
    centered ? addressOf(call, 1) : 0,
    addressOf(call, first),
    addressOf(call, first + 1),
    weight,
    totals,
    sizeOf(shape) / width,
    width,
  )
  if (weight !== 0) {
    for (const [index, { address }] of outputs.slice(1).entries())
      roundSums(heap, address / 4, totals / 8 + index * width, width)
  }
  return outputs
}
