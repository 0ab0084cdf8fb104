import type { KernelTable } from '../../kernel.ts'
import { startOf } from '../../kernel.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { linesOf } from './lines.ts'

/** Elements that take some ten microseconds. */
const leastElements = 16_384

export function wasmSearchKernels({ exports, team }: Wasm): KernelTable {
  return {
    'qkv/argmax': {
      run(call, arena) {
        const kernel = call.inputs[0]!.spec.dtype === 'float32' ? exports.argmax : exports.argmaxWhole
        const out = arena.allocate(call.outputs[0]!)
        const { lines, length, inner } = linesOf(call)
        const least = Math.ceil(leastElements / length)
        team.split(kernel, lines, least, out.address, 4 * startOf(call, 0), length, inner)
        return [out]
      },
    },
    'qkv/topK': {
      run(call, arena) {
        const { k } = call.attrs as { readonly k: number }
        const outputs = call.outputs.map((spec) => arena.allocate(spec))
        const [values, indices] = outputs.map(({ address }) => address) as [number, number]
        const { lines, length, inner } = linesOf(call)
        const floats = call.inputs[0]!.spec.dtype === 'float32'
        const source = 4 * startOf(call, 0)
        const least = Math.ceil(leastElements / Math.max(length, 1))
        if (k === 0) return outputs
        const heaps = arena.scratch(8 * k * team.size)
        team.split(exports.topK, lines, least, values, indices, source, length, inner, k, floats, heaps)
        return outputs
      },
    },
  }
}
