import { sizeOf } from '@qkv/tensor'
import { type KernelTable, outputBuffer, startOf } from '../../kernel.ts'
import type { Wasm } from '../../wasm/wasm.ts'

/** The elements of a unit, as in assembly/random.ts, and units that take some ten microseconds. */
const piece = 2048
const leastUnits = 4
const word = 2 ** 24

export function wasmRandomKernels({ exports, team }: Wasm): KernelTable {
  return {
    'qkv/randomUniform': {
      run(call, arena) {
        const [low, high] = call.scalars as readonly [number, number]
        const out = arena.allocate(call.outputs[0]!)
        const size = sizeOf(call.outputs[0]!.shape)
        const words = arena.scratch(4 * piece * team.size)
        team.split(exports.uniform, Math.ceil(size / piece), leastUnits, out.address, size, low, high, words)
        return [out]
      },
    },
    'qkv/dropout': {
      run(call, arena) {
        const { rate } = call.attrs as { readonly rate: number }
        const [low, high] = call.scalars as readonly [number, number]
        const out = outputBuffer(call, arena)
        const size = sizeOf(call.outputs[0]!.shape)
        const words = arena.scratch(4 * piece * team.size)
        const [bound, scale] = [Math.ceil(rate * word), 1 / (1 - rate)]
        team.split(
          exports.dropout,
          Math.ceil(size / piece),
          leastUnits,
          out.address,
          4 * startOf(call, 0),
          size,
          low,
          high,
          bound,
          scale,
          words,
        )
        return [out]
      },
    },
  }
}
