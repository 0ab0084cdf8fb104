import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import type { WasmExports } from '../wasm/exports.ts'
import { denseSource } from './unary.ts'

/** Activations that compute their exponentials. */
export function wasmActivationKernels(exports: WasmExports): KernelTable {
  return {
    'qkv/exp': unary(exports.exp),
    'qkv/gelu': unary(exports.gelu),
    'qkv/geluTanh': unary(exports.geluTanh),
    'qkv/relu': unary(exports.relu),
    'qkv/sigmoid': unary(exports.sigmoid),
    'qkv/silu': unary(exports.silu),
    'qkv/tanh': unary(exports.tanh),
    'qkv/geluBackward': slope(exports.geluBackward),
    'qkv/geluTanhBackward': slope(exports.geluTanhBackward),
    'qkv/siluBackward': slope(exports.siluBackward),
  }
}

function unary(run: (target: number, source: number, size: number) => void): Kernel {
  return { run: (call, arena) => runUnary(call, arena, run), readsStrides: true }
}

function runUnary(call: OpCall, arena: Arena, run: WasmExports['exp']): readonly BufferHandle[] {
  const out = outputBuffer(call, arena)
  const source = denseSource(call, arena, out.address)
  run(out.address, 4 * source, sizeOf(call.outputs[0]!.shape))
  return [out]
}

function slope(run: WasmExports['geluBackward']): Kernel {
  return {
    run(call, arena) {
      const out = outputBuffer(call, arena)
      run(out.address, 4 * startOf(call, 0), 4 * startOf(call, 1), sizeOf(call.outputs[0]!.shape))
      return [out]
    },
  }
}
