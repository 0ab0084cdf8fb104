import { sizeOf } from '@qkv/tensor'
import type { Binding, Program } from '../../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../../kernel.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../../wgsl/lines.ts'

/** `weight` and `bias` where there are any. */
export const scaleNames = ['weight', 'bias'] as const

/** The squares are of centered values: the mean of squares less the square of the mean would cancel. */
const statistics = {
  layerNorm: `  var sum = 0.0;
  for (var index = first; index < parameters.width; index += LANES) { sum += x[start + index]; }
  let center = sumOverLanes(sum, lane) / f32(parameters.width);`,
  rmsNorm: '  let center = 0.0;',
} as const

function normProgram(kind: keyof typeof statistics, scales: number, lanes: Lanes): Program {
  const scaled = ['', ' * weight[index]', ' * weight[index] + bias[index]'][scales]!
  const outputs = kind === 'layerNorm' ? ['target_', 'means', 'inverses'] : ['target_', 'inverses']
  return {
    key: `${kind}/${scales}/${lanes}`,
    parameters: [
      ['size', 'u32'],
      ['width', 'u32'],
      ['epsilon', 'f32'],
    ],
    bindings: [
      ...outputs.map((name): Binding => ({ name, type: 'f32', access: 'read_write' })),
      { name: 'x', type: 'f32', access: 'read' },
      ...scaleNames.slice(0, scales).map((name): Binding => ({ name, type: 'f32', access: 'read' })),
    ],
    body: () => `
${floatReductions(lanes)}
${forEachLine(
  lanes,
  `  let start = line * parameters.width;
${statistics[kind]}
  var squares = 0.0;
  for (var index = first; index < parameters.width; index += LANES) {
    let centered = x[start + index] - center;
    squares += centered * centered;
  }
  squares = sumOverLanes(squares, lane);
  let inverse = 1.0 / sqrt(squares / f32(parameters.width) + parameters.epsilon);
  for (var index = first; index < parameters.width; index += LANES) {
    target_[start + index] = (x[start + index] - center) * inverse${scaled};
  }
  if (first == 0u) {
${kind === 'layerNorm' ? '    means[line] = center;' : ''}
    inverses[line] = inverse;
  }`,
)}`,
  }
}

function norm(kind: keyof typeof statistics): KernelTable[string] {
  return {
    run(call, context) {
      const { epsilon } = call.attrs as { readonly epsilon: number }
      const { shape } = call.inputs[0]!.spec
      const targets = call.outputs.map((spec) => context.arena.allocate(spec))
      const width = shape.at(-1)!
      const rows = sizeOf(shape.slice(0, -1))
      const lanes = lanesFor(rows, width, true, context.software)
      const program = normProgram(kind, call.inputs.length - 1, lanes)
      const buffers = [...targets, ...call.inputs.map((_, index) => handleOf(call, index))]
      dispatch(context, program, buffers, [rows, width, epsilon], lineGroups(rows, lanes))
      return targets
    },
  }
}

export const normKernels: KernelTable = {
  'qkv/layerNorm': norm('layerNorm'),
  'qkv/rmsNorm': norm('rmsNorm'),
}
