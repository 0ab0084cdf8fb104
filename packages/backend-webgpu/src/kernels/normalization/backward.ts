import { sizeOf } from '@qkv/tensor'
import type { Binding, Program } from '../../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../../kernel.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../../wgsl/lines.ts'
import { sumRows } from '../reduce.ts'

type Norm = 'layerNorm' | 'rmsNorm'

/** What a norm's gradient reads besides x, and how a normalised element is made of it. */
const inputsOf: Readonly<Record<Norm, readonly string[]>> = {
  layerNorm: ['x', 'means', 'inverses', 'gradient'],
  rmsNorm: ['x', 'inverses', 'gradient'],
}

/**
 * The gradient of x. With a weight, the terms of its gradient go to `terms`, to be summed over all rows: a matrix as large as x, for
 * a time.
 */
function gradientProgram(norm: Norm, weighted: boolean, lanes: Lanes): Program {
  const centered = norm === 'layerNorm'
  const names = [...inputsOf[norm], ...(weighted ? ['weight'] : [])]
  return {
    key: `${norm}Backward/${weighted}/${lanes}`,
    parameters: [
      ['size', 'u32'],
      ['width', 'u32'],
    ],
    bindings: [
      { name: 'target_', type: 'f32', access: 'read_write' },
      ...(weighted ? [{ name: 'terms', type: 'f32', access: 'read_write' } satisfies Binding] : []),
      ...names.map((name): Binding => ({ name, type: 'f32', access: 'read' })),
    ],
    body: () => `
${floatReductions(lanes)}
${forEachLine(
  lanes,
  `  let start = line * parameters.width;
  let inverse = inverses[line];
  let center = ${centered ? 'means[line]' : '0.0'};
  var sum = 0.0;
  var along = 0.0;
  for (var index = first; index < parameters.width; index += LANES) {
    let normalized = (x[start + index] - center) * inverse;
    let scaled = gradient[start + index]${weighted ? ' * weight[index]' : ''};
    sum += scaled;
    along += scaled * normalized;
  }
  let mean = ${centered ? 'sumOverLanes(sum, lane) / f32(parameters.width)' : '0.0'};
  along = sumOverLanes(along, lane) / f32(parameters.width);
  for (var index = first; index < parameters.width; index += LANES) {
    let normalized = (x[start + index] - center) * inverse;
    let own = gradient[start + index];
    let scaled = own${weighted ? ' * weight[index]' : ''};
    target_[start + index] = (scaled - mean - normalized * along) * inverse;
${weighted ? '    terms[start + index] = own * normalized;' : ''}
  }`,
)}`,
  }
}

function backward(norm: Norm): KernelTable[string] {
  const own = inputsOf[norm].length
  return {
    run(call, context) {
      const { arena } = context
      const { shape } = call.inputs[0]!.spec
      const [target, weightGradient, biasGradient] = call.outputs.map((spec) => arena.allocate(spec))
      const width = shape.at(-1)!
      const rows = sizeOf(shape.slice(0, -1))
      const lanes = lanesFor(rows, width, true, context.software)
      const terms = weightGradient && arena.allocate({ shape })
      const program = gradientProgram(norm, terms !== undefined, lanes)
      const buffers = [
        target!,
        ...(terms ? [terms] : []),
        ...call.inputs.map((_, index) => handleOf(call, index)),
      ]
      dispatch(context, program, buffers, [rows, width], lineGroups(rows, lanes))
      if (terms) {
        sumRows(context, weightGradient, terms, rows, width)
        arena.release(terms)
      }
      if (biasGradient) sumRows(context, biasGradient, handleOf(call, own - 1), rows, width)
      return [target, weightGradient, biasGradient].filter((handle) => handle !== undefined)
    },
  }
}

export const normBackwardKernels: KernelTable = {
  'qkv/layerNormBackward': backward('layerNorm'),
  'qkv/rmsNormBackward': backward('rmsNorm'),
}
