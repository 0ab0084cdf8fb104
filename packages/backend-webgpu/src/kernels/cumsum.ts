import type { Program } from '../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../kernel.ts'
import { aroundAxis, lineStart } from '../wgsl/around-axis.ts'
import { scalarOf } from '../wgsl/element-type.ts'
import { forEachLine, type Lanes, lineGroups } from '../wgsl/lines.ts'

/** Each lane adds up a stretch of the line, then goes over it again from the total of the stretches before. */
function cumsumProgram(type: 'f32' | 'i32', reverse: boolean, lanes: Lanes): Program {
  const place = reverse ? 'parameters.length - 1u - index' : 'index'
  return {
    key: `cumsum/${type}/${reverse}/${lanes}`,
    parameters: [
      ['size', 'u32'],
      ['length', 'u32'],
      ['inner', 'u32'],
    ],
    bindings: [
      { name: 'target_', type, access: 'read_write' },
      { name: 'source', type, access: 'read' },
    ],
    body: () => `
${lanes === 1 ? '' : `var<workgroup> totals: array<${type}, ${lanes}>;`}
${forEachLine(
  lanes,
  `  let start = ${lineStart};
  let stretch = (parameters.length + LANES - 1u) / LANES;
  let begin = min(first * stretch, parameters.length);
  let end = min(begin + stretch, parameters.length);
  var total = ${type}(0);
${lanes === 1 ? '' : beforeStretch(type, place)}
  for (var index = begin; index < end; index++) {
    let at = start + (${place}) * parameters.inner;
    total += source[at];
    target_[at] = total;
  }`,
)}`,
  }
}

function beforeStretch(type: string, place: string): string {
  return `
  for (var index = begin; index < end; index++) { total += source[start + (${place}) * parameters.inner]; }
  totals[lane] = total;
  workgroupBarrier();
  total = ${type}(0);
  for (var other = 0u; other < lane; other++) { total += totals[other]; }`
}

export const cumsumKernels: KernelTable = {
  'qkv/cumsum': {
    run(call, context) {
      const { axis, reverse } = call.attrs as { readonly axis: number; readonly reverse: boolean }
      const { shape, dtype } = call.inputs[0]!.spec
      const target = context.arena.allocate(call.outputs[0]!)
      const { outer, length, inner } = aroundAxis(shape, axis)
      const lines = outer * inner
      const lanes = lines >= 1024 || length < 256 ? 1 : 64
      const program = cumsumProgram(scalarOf(dtype), reverse, lanes)
      const groups = length === 0 ? 0 : lineGroups(lines, lanes)
      dispatch(context, program, [target, handleOf(call, 0)], [lines, length, inner], groups)
      return [target]
    },
  },
}
