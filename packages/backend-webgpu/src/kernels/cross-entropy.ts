import type { Program } from '../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../kernel.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../wgsl/lines.ts'
import { checkIndices } from './check-indices.ts'

interface CrossEntropyAttrs {
  readonly labelSmoothing: number
  readonly ignoreIndex: number | null
}

const parameters = [
  ['size', 'u32'],
  ['classes', 'u32'],
  ['smoothing', 'f32'],
  ['ignores', 'u32'],
  ['ignored', 'i32'],
] as const

/** Targets that are no class are moved inside, where the host could not check them. */
const target = `  let wanted = targets[line];
  let ignore = parameters.ignores == 1u && wanted == parameters.ignored;
  let chosen = u32(clamp(wanted, 0, i32(parameters.classes) - 1));
  let start = line * parameters.classes;`

function lossProgram(lanes: Lanes): Program {
  return {
    key: `crossEntropy/${lanes}`,
    parameters,
    bindings: [
      { name: 'losses', type: 'f32', access: 'read_write' },
      { name: 'logSums', type: 'f32', access: 'read_write' },
      { name: 'logits', type: 'f32', access: 'read' },
      { name: 'targets', type: 'i32', access: 'read' },
    ],
    // The loss comes from shifted logits, since the rounding of the log-sum-exp grows with the logits.
    body: () => `
${floatReductions(lanes)}
${forEachLine(
  lanes,
  `${target}
  var peak = minusInfinity();
  for (var index = first; index < parameters.classes; index += LANES) {
    peak = maximumOf(peak, logits[start + index]);
  }
  peak = peakOverLanes(peak, lane);
  var total = 0.0;
  var shifted = 0.0;
  for (var index = first; index < parameters.classes; index += LANES) {
    let own = logits[start + index] - peak;
    total += exponential(own);
    shifted += own;
  }
  let logSum = logarithm(sumOverLanes(total, lane));
  let mean = sumOverLanes(shifted, lane) / f32(parameters.classes);
  var loss = logSum - (logits[start + chosen] - peak);
  if (parameters.smoothing > 0.0) {
    loss = loss * (1.0 - parameters.smoothing) + (logSum - mean) * parameters.smoothing;
  }
  if (first == 0u) {
    losses[line] = select(loss, 0.0, ignore);
    logSums[line] = logSum + peak;
  }`,
)}`,
  }
}

function gradientProgram(lanes: Lanes): Program {
  return {
    key: `crossEntropyBackward/${lanes}`,
    parameters,
    bindings: [
      { name: 'result', type: 'f32', access: 'read_write' },
      { name: 'logits', type: 'f32', access: 'read' },
      { name: 'targets', type: 'i32', access: 'read' },
      { name: 'logSums', type: 'f32', access: 'read' },
      { name: 'gradients', type: 'f32', access: 'read' },
    ],
    // The exponentials sum to 1 up to the rounding of the log-sum-exp, which grows with the logits: their own sum takes it out.
    body: () => `
${floatReductions(lanes)}
${forEachLine(
  lanes,
  `${target}
  let logSum = logSums[line];
  var total = 0.0;
  for (var index = first; index < parameters.classes; index += LANES) {
    total += exponential(logits[start + index] - logSum);
  }
  total = sumOverLanes(total, lane);
  let share = parameters.smoothing / f32(parameters.classes);
  for (var index = first; index < parameters.classes; index += LANES) {
    let wish = select(share, 1.0 - parameters.smoothing + share, index == chosen);
    let value = (exponential(logits[start + index] - logSum) / total - wish) * gradients[line];
    result[start + index] = select(value, 0.0, ignore);
  }`,
)}`,
  }
}

function crossEntropy(programOf: (lanes: Lanes) => Program): KernelTable[string] {
  return {
    run(call, context) {
      const { labelSmoothing, ignoreIndex } = call.attrs as CrossEntropyAttrs
      const [logits, targets] = call.inputs
      const [rows, classes] = logits!.spec.shape as readonly [number, number]
      checkIndices('crossEntropy', 'targets', targets!, classes, ignoreIndex ?? undefined)
      const outputs = call.outputs.map((spec) => context.arena.allocate(spec))
      const lanes = lanesFor(rows, classes, true, context.software)
      const buffers = [...outputs, ...call.inputs.map((_, index) => handleOf(call, index))]
      const values = [rows, classes, labelSmoothing, Number(ignoreIndex !== null), ignoreIndex ?? 0]
      dispatch(context, programOf(lanes), buffers, values, classes === 0 ? 0 : lineGroups(rows, lanes))
      return outputs
    },
  }
}

export const crossEntropyKernels: KernelTable = {
  'qkv/crossEntropy': crossEntropy(lossProgram),
  'qkv/crossEntropyBackward': crossEntropy(gradientProgram),
}
