import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import type { WasmExports } from '../generated/exports.ts'
import type { Team } from '../threads/team.ts'
import type { Wasm } from '../wasm/wasm.ts'
import { denseSource } from './unary.ts'

/** Vectors that take some ten microseconds. */
const leastVectors = 2048

/** Activations that compute their exponentials. */
export function wasmActivationKernels({ exports, team }: Wasm): KernelTable {
  return {
    'qkv/exp': unary(exports.exp, team),
    'qkv/gelu': unary(exports.gelu, team),
    'qkv/geluTanh': unary(exports.geluTanh, team),
    'qkv/relu': unary(exports.relu, team),
    'qkv/sigmoid': unary(exports.sigmoid, team),
    'qkv/silu': unary(exports.silu, team),
    'qkv/tanh': unary(exports.tanh, team),
    'qkv/geluBackward': slope(exports.geluBackward, team),
    'qkv/geluTanhBackward': slope(exports.geluTanhBackward, team),
    'qkv/siluBackward': slope(exports.siluBackward, team),
  }
}

function unary(kernel: WasmExports['exp'], team: Team): Kernel {
  return { run: (call, arena) => runUnary(call, arena, kernel, team), readsStrides: true }
}

function runUnary(
  call: OpCall,
  arena: Arena,
  kernel: WasmExports['exp'],
  team: Team,
): readonly BufferHandle[] {
  const out = outputBuffer(call, arena)
  const source = denseSource(call, arena, out.address)
  team.split(kernel, vectorsOf(call), leastVectors, out.address, 4 * source)
  return [out]
}

function slope(kernel: WasmExports['geluBackward'], team: Team): Kernel {
  return {
    run(call, arena) {
      const out = outputBuffer(call, arena)
      const [source, gradient] = [4 * startOf(call, 0), 4 * startOf(call, 1)]
      team.split(kernel, vectorsOf(call), leastVectors, out.address, source, gradient)
      return [out]
    },
  }
}

function vectorsOf(call: OpCall): number {
  return Math.ceil(sizeOf(call.outputs[0]!.shape) / 4)
}
