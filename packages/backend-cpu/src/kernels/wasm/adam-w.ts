import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { adamWScalars, inputsPerParameter, updatedParameters } from '../adam-w.ts'

// Those of assembly/adam-w.ts.
const piece = 1024
const rowWords = 10
/** Units that take some ten microseconds. */
const leastUnits = 12

export function wasmAdamWKernels(wasm: Wasm): KernelTable {
  return { 'qkv/adamW': { run: (call, arena) => adamW(call, arena, wasm) } }
}

/** All parameters in one call; in place, for what is donated. */
function adamW(call: OpCall, arena: Arena, { exports, team }: Wasm): readonly BufferHandle[] {
  const { decays } = call.attrs as { readonly decays: readonly boolean[] }
  const { learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2 } = adamWScalars(call)
  const outputs = updatedParameters(call, arena)
  const table = arena.scratch(4 * rowWords * decays.length)
  const { float32, int32 } = arena.heap
  let units = 0
  for (const [parameter, decay] of decays.entries()) {
    const size = sizeOf(call.outputs[3 * parameter]!.shape)
    units += Math.ceil(size / piece)
    const row = table / 4 + rowWords * parameter
    int32[row] = units
    int32[row + 1] = size
    float32[row + 2] = decay ? 1 - learningRate * weightDecay : 1
    for (let place = 0; place < 3; place++) int32[row + 3 + place] = outputs[3 * parameter + place]!.address
    for (let role = 0; role < inputsPerParameter; role++)
      int32[row + 6 + role] = 4 * startOf(call, inputsPerParameter * parameter + role)
  }
  team.split(
    exports.adamW,
    units,
    leastUnits,
    table,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    epsilon,
    learningRate / correction1,
    1 / Math.sqrt(correction2),
  )
  return outputs
}
