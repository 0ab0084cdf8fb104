import type { BufferHandle, OpCall } from '@qkv/tensor'
import type { KernelTable } from '../../../kernel.ts'
import type { Arena } from '../../../memory/arena.ts'
import type { Wasm } from '../../../wasm/wasm.ts'
import { wasmAttentionBackward } from './attention-backward.ts'
import { lanes, panelBlockBytes } from './block-sizes.ts'
import { openCall, unitsPerPiece } from './call.ts'
import { withDenseRows } from './dense-rows.ts'
import { beginPlan } from './plan.ts'
import { shareSpace, Space } from './working-space.ts'

/** Up to this many queries, keys fill lanes better than queries do: as fast at five, and a fourth of the time at one. */
const fewQueries = 4

/** Attention and its gradients in WebAssembly, whatever their attributes. */
export function wasmAttentionKernels(wasm: Wasm): KernelTable {
  return {
    'qkv/attention': {
      run: (call, arena) => withDenseRows(call, arena, [1, 2], (dense) => attention(dense, arena, wasm)),
      readsStrides: true,
    },
    'qkv/attentionBackward': {
      run: (call, arena) => wasmAttentionBackward(call, arena, wasm),
      readsStrides: true,
    },
  }
}

function attention(call: OpCall, arena: Arena, { exports, team }: Wasm): readonly BufferHandle[] {
  const [, , queries] = call.inputs[0]!.spec.shape as readonly [number, number, number]
  const few = queries <= fewQueries
  const opened = openCall(call, few)
  const { plan, attrs } = opened
  const [output, logSumExp] = call.outputs.map((spec) => arena.allocate(spec))
  const space = new Space()
  const scoreBytes = few ? 4 * (opened.ranges.mostKeys + 4) : panelBlockBytes
  const randomBytes = attrs.dropoutRate === 0 ? 0 : few ? 4 * (plan.keys + 16) : panelBlockBytes
  const shared = shareSpace(space, opened, scoreBytes, randomBytes)
  const { base } = beginPlan(opened, shared, space, arena, team.size, 0, [
    output!.address,
    logSumExp!.address,
  ])
  const kernel = few ? exports.attentionOfFew : exports.attentionForward
  const rows = few ? 1 : lanes
  const units = plan.batch * plan.heads * Math.ceil(plan.queries / rows)
  team.split(kernel, units, unitsPerPiece(opened, rows), base)
  return [output!, logSumExp!]
}
