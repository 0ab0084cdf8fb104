import type { Program } from '../commands/program.ts'
import { dispatch, handleOf, type Kernel, type KernelTable } from '../kernel.ts'
import { aroundAxis, lineStart } from '../wgsl/around-axis.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../wgsl/lines.ts'

/** What is stored for a shifted element, from the sum of the exponentials of its line. */
const results = {
  softmax: 'exponential(source[at] - peak) / total',
  logSoftmax: 'source[at] - peak - logarithm(total)',
} as const

function softmaxProgram(kind: keyof typeof results, lanes: Lanes): Program {
  return {
    key: `${kind}/${lanes}`,
    parameters: [
      ['size', 'u32'],
      ['length', 'u32'],
      ['inner', 'u32'],
    ],
    bindings: [
      { name: 'target_', type: 'f32', access: 'read_write' },
      { name: 'source', type: 'f32', access: 'read' },
    ],
    body: () => `
${floatReductions(lanes)}
${forEachLine(
  lanes,
  `  let start = ${lineStart};
  var peak = minusInfinity();
  for (var index = first; index < parameters.length; index += LANES) {
    peak = maximumOf(peak, source[start + index * parameters.inner]);
  }
  peak = peakOverLanes(peak, lane);
  var total = 0.0;
  for (var index = first; index < parameters.length; index += LANES) {
    total += exponential(source[start + index * parameters.inner] - peak);
  }
  total = sumOverLanes(total, lane);
  for (var index = first; index < parameters.length; index += LANES) {
    let at = start + index * parameters.inner;
    target_[at] = ${results[kind]};
  }`,
)}`,
  }
}

function softmax(kind: keyof typeof results): Kernel {
  return {
    run(call, context) {
      const { axis } = call.attrs as { readonly axis: number }
      const target = context.arena.allocate(call.outputs[0]!)
      const { outer, length, inner } = aroundAxis(call.inputs[0]!.spec.shape, axis)
      const lines = length === 0 ? 0 : outer * inner
      const lanes = lanesFor(lines, length, inner === 1, context.software)
      const buffers = [target, handleOf(call, 0)]
      dispatch(
        context,
        softmaxProgram(kind, lanes),
        buffers,
        [lines, length, inner],
        lineGroups(lines, lanes),
      )
      return [target]
    },
  }
}

export const softmaxKernels: KernelTable = {
  'qkv/softmax': softmax('softmax'),
  'qkv/logSoftmax': softmax('logSoftmax'),
}
