import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer, startOf } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'

/** Exponentials, and running totals, that take some ten microseconds. */
const leastExponentials = 12_000
const leastTotals = 8192

/** What goes along lines, which lie beside each other unless the axis is the last one. */
export function wasmLineKernels(wasm: Wasm): KernelTable {
  const { exports, team } = wasm
  return {
    'qkv/logSoftmax': normalization(wasm, exports.logSoftmax, exports.logSoftmaxLines),
    'qkv/softmax': normalization(wasm, exports.softmax, exports.softmaxLines),
    'qkv/cumsum': {
      run(call, arena) {
        const { reverse } = call.attrs as { readonly reverse: boolean }
        const kernel = call.outputs[0]!.dtype === 'float32' ? exports.cumsum : exports.cumsumWhole
        const out = outputBuffer(call, arena)
        const { lines, length, inner } = linesOf(call)
        const least = Math.ceil(leastTotals / Math.max(length, 1))
        team.split(kernel, lines, least, out.address, 4 * startOf(call, 0), length, inner, reverse)
        return [out]
      },
    },
  }
}

/** Lines along the axis of a call: how many, how long, and how many lie beside each other. */
export function linesOf(call: OpCall): {
  readonly lines: number
  readonly length: number
  readonly inner: number
} {
  const { axis } = call.attrs as { readonly axis: number }
  const { shape } = call.inputs[0]!.spec
  const inner = sizeOf(shape.slice(axis + 1))
  return { lines: sizeOf(shape.slice(0, axis)) * inner, length: shape[axis]!, inner }
}

function normalization(
  { team }: Wasm,
  rows: Wasm['exports']['softmax'],
  beside: Wasm['exports']['softmaxLines'],
): Kernel {
  return {
    run(call: OpCall, arena: Arena): readonly BufferHandle[] {
      const out = outputBuffer(call, arena)
      const { lines, length, inner } = linesOf(call)
      if (lines * length === 0) return [out]
      const source = 4 * startOf(call, 0)
      if (inner === 1)
        team.split(rows, lines, Math.ceil(leastExponentials / length), out.address, source, length)
      else {
        const units = (lines / inner) * Math.ceil(inner / 4)
        team.split(
          beside,
          units,
          Math.ceil(leastExponentials / (4 * length)),
          out.address,
          source,
          length,
          inner,
        )
      }
      return [out]
    },
  }
}
