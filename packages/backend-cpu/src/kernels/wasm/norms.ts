import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'

/** Elements that take some ten microseconds. */
const leastElements = 20_000
/** The gradients of weights are added up in stretches of at least so many rows, of which there are at most so many. */
const shortestStretch = 32
const mostStretches = 64

const hasWidth = ([x]: readonly { readonly shape: readonly number[] }[]): boolean => x!.shape.at(-1) !== 0

/** Layer norm and RMS norm. */
export function wasmNormKernels(wasm: Wasm): KernelTable {
  return {
    'qkv/layerNorm': { run: (call, arena) => layerNorm(call, arena, wasm), supports: hasWidth },
    'qkv/layerNormBackward': {
      run: (call, arena) => normBackward(call, arena, wasm, true),
      supports: hasWidth,
    },
    'qkv/rmsNorm': { run: (call, arena) => rmsNorm(call, arena, wasm), supports: hasWidth },
    'qkv/rmsNormBackward': {
      run: (call, arena) => normBackward(call, arena, wasm, false),
      supports: hasWidth,
    },
  }
}

/** The byte where an input begins, or 0 where there is none: no tensor lies there. */
function addressOf(call: OpCall, index: number): number {
  return index < call.inputs.length ? 4 * startOf(call, index) : 0
}

function layerNorm(call: OpCall, arena: Arena, { exports, team }: Wasm): readonly BufferHandle[] {
  const { epsilon } = call.attrs as { readonly epsilon: number }
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const [y, center, inverse] = outputs.map(({ address }) => address) as [number, number, number]
  const [source, weight, bias] = [addressOf(call, 0), addressOf(call, 1), addressOf(call, 2)]
  const [rows, least] = [sizeOf(shape) / width, Math.ceil(leastElements / width)]
  team.split(exports.layerNorm, rows, least, y, center, inverse, source, weight, bias, width, epsilon)
  return outputs
}

function rmsNorm(call: OpCall, arena: Arena, { exports, team }: Wasm): readonly BufferHandle[] {
  const { epsilon } = call.attrs as { readonly epsilon: number }
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const [y, inverse] = outputs.map(({ address }) => address) as [number, number]
  const [source, weight] = [addressOf(call, 0), addressOf(call, 1)]
  const [rows, least] = [sizeOf(shape) / width, Math.ceil(leastElements / width)]
  team.split(exports.rmsNorm, rows, least, y, inverse, source, weight, width, epsilon)
  return outputs
}

/** Inputs: x, its centers if it has them, its inverse deviations, the gradient, and perhaps the weight. */
function normBackward(
  call: OpCall,
  arena: Arena,
  { exports, team }: Wasm,
  centered: boolean,
): readonly BufferHandle[] {
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const rows = sizeOf(shape) / width
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const first = centered ? 2 : 1
  const weight = addressOf(call, first + 2)
  const stretch = shortestStretch * Math.max(1, Math.ceil(rows / (shortestStretch * mostStretches)))
  const stretches = Math.ceil(rows / stretch)
  const bytes = 24 * width
  const totals = weight === 0 ? 0 : arena.scratch(bytes * stretches)
  team.split(
    exports.normBackward,
    stretches,
    Math.ceil(leastElements / (stretch * width)),
    outputs[0]!.address,
    addressOf(call, 0),
    centered ? addressOf(call, 1) : 0,
    addressOf(call, first),
    addressOf(call, first + 1),
    weight,
    totals,
    stretch,
    rows,
    width,
  )
  if (weight !== 0) {
    for (const [index, { address }] of outputs.slice(1).entries())
      team.split(
        exports.addStretches,
        width,
        Math.ceil(leastElements / Math.max(stretches, 1)),
        address,
        totals + 8 * index * width,
        stretches,
        bytes,
      )
  }
  return outputs
}
