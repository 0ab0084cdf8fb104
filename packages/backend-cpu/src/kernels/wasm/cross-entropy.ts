import type { OpCall } from '@qkv/tensor'
import { type KernelTable, outputBuffer, startOf } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { type CrossEntropyAttrs, hasClasses, targetError } from '../cross-entropy.ts'

/** No class has this number: it stands for no class to ignore. */
const noClass = -(2 ** 31)
/** Logits that take some ten microseconds. */
const leastLogits = 12_000

export function wasmCrossEntropyKernels(wasm: Wasm): KernelTable {
  const { exports, team } = wasm
  return {
    'qkv/crossEntropy': {
      supports: hasClasses,
      run(call, arena) {
        const { rows, classes, targets, ignored, labelSmoothing } = check(call, arena, wasm)
        const outputs = call.outputs.map((spec) => arena.allocate(spec))
        const [losses, logSumExp] = outputs.map(({ address }) => address) as [number, number]
        team.split(
          exports.crossEntropy,
          rows,
          Math.ceil(leastLogits / classes),
          losses,
          logSumExp,
          4 * startOf(call, 0),
          targets,
          classes,
          ignored,
          labelSmoothing,
        )
        return outputs
      },
    },
    'qkv/crossEntropyBackward': {
      supports: hasClasses,
      run(call, arena) {
        const { rows, classes, targets, ignored, labelSmoothing } = check(call, arena, wasm)
        const out = outputBuffer(call, arena)
        team.split(
          exports.crossEntropyBackward,
          rows,
          Math.ceil(leastLogits / classes),
          out.address,
          4 * startOf(call, 0),
          targets,
          4 * startOf(call, 2),
          4 * startOf(call, 3),
          classes,
          ignored,
          labelSmoothing,
        )
        return [out]
      },
    },
  }
}

/** What both are called with; throws for a target that is no class. */
function check(
  call: OpCall,
  arena: Arena,
  { exports }: Wasm,
): {
  readonly rows: number
  readonly classes: number
  readonly targets: number
  readonly ignored: number
  readonly labelSmoothing: number
} {
  const { labelSmoothing, ignoreIndex } = call.attrs as CrossEntropyAttrs
  const [rows, classes] = call.inputs[0]!.spec.shape as readonly [number, number]
  const targets = 4 * startOf(call, 1)
  const ignored = ignoreIndex ?? noClass
  const row = exports.firstOutside(targets, rows, classes, ignored)
  if (row >= 0) throw targetError(arena.heap.int32[targets / 4 + row]!, row, ignoreIndex, classes)
  return { rows, classes, targets, ignored, labelSmoothing }
}
