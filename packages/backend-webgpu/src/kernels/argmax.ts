import type { Program } from '../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../kernel.ts'
import { aroundAxis, lineStart } from '../wgsl/around-axis.ts'
import { scalarOf } from '../wgsl/element-type.ts'
import { forEachLine, type Lanes, laneReduction, lanesFor, lineGroups } from '../wgsl/lines.ts'

/** Pairs of the number's place in the order of all numbers, and its index; among equals the first index wins. */
const better = 'select(b, a, a.x > b.x || (a.x == b.x && a.y <= b.y))'

function argmaxProgram(type: 'f32' | 'i32', lanes: Lanes): Program {
  return {
    key: `argmax/${type}/${lanes}`,
    parameters: [
      ['size', 'u32'],
      ['length', 'u32'],
      ['inner', 'u32'],
    ],
    bindings: [
      { name: 'target_', type: 'i32', access: 'read_write' },
      { name: 'source', type, access: 'read' },
    ],
    body: () => `
${laneReduction(lanes, 'bestOverLanes', 'vec2u', better)}
${forEachLine(
  lanes,
  `  let start = ${lineStart};
  var best = vec2u(0u, 0xffffffffu);
  for (var index = first; index < parameters.length; index += LANES) {
    let key = ${type === 'f32' ? 'floatOrder' : 'integerOrder'}(source[start + index * parameters.inner]);
    if (key > best.x || best.y == 0xffffffffu) { best = vec2u(key, index); }
  }
  best = bestOverLanes(best, lane);
  if (first == 0u) { target_[line] = i32(best.y); }`,
)}`,
  }
}

export const argmaxKernels: KernelTable = {
  'qkv/argmax': {
    run(call, context) {
      const { axis } = call.attrs as { readonly axis: number }
      const { shape, dtype } = call.inputs[0]!.spec
      const target = context.arena.allocate(call.outputs[0]!)
      const { outer, length, inner } = aroundAxis(shape, axis)
      const lines = outer * inner
      const lanes = lanesFor(lines, length, inner === 1, context.software)
      const program = argmaxProgram(scalarOf(dtype), lanes)
      dispatch(
        context,
        program,
        [target, handleOf(call, 0)],
        [lines, length, inner],
        lineGroups(lines, lanes),
      )
      return [target]
    },
  },
}
