import { isContiguous, type Layout, type OpCall, sizeOf, stridesOf } from '@qkv/tensor'
import type { Program, Scalar } from '../commands/program.ts'
import { dispatch, handleOf, type KernelContext, type KernelFunction, type KernelTable } from '../kernel.ts'
import type { GpuHandle } from '../memory/arena.ts'
import { mergeAxes } from '../merge-axes.ts'
import { scalarOf } from '../wgsl/element-type.ts'
import { forEachLine, type Lanes, laneReduction, lanesFor, lineGroups } from '../wgsl/lines.ts'
import { walkCode, walkParameters, walkValues } from '../wgsl/strided.ts'

type Reduction = 'sum' | 'mean' | 'max' | 'min'

/** A reduction as a walk over the kept axes, and for each of their elements a walk over the reduced ones. */
interface Walks {
  readonly lines: number
  readonly length: number
  readonly kept: { readonly rank: number; readonly values: readonly number[] }
  readonly reduced: { readonly rank: number; readonly values: readonly number[] }
  /** Whether the elements of a line are neighbours. */
  readonly neighbours: boolean
}

/** Lines are cut into pieces until so many invocations have work. */
const wantedInvocations = 16_384
const shortestPiece = 64

export const reduceKernels: KernelTable = {
  'qkv/sum': { run: reduction('sum'), readsStrides: true },
  'qkv/mean': { run: reduction('mean'), readsStrides: true },
  'qkv/max': { run: reduction('max'), readsStrides: true },
  'qkv/min': { run: reduction('min'), readsStrides: true },
}

function reduction(kind: Reduction): KernelFunction {
  return (call, context) => {
    const target = context.arena.allocate(call.outputs[0]!)
    const { axes } = call.attrs as { readonly axes: readonly number[] }
    const input = call.inputs[0]!
    reduceInto(context, kind, target, handleOf(call, 0), input.spec.shape, input.layout, axes, typeOf(call))
    return [target]
  }
}

function typeOf({ inputs }: OpCall): Scalar {
  return scalarOf(inputs[0]!.spec.dtype)
}

/** Reduces some axes of a tensor of any layout into a dense one. */
export function reduceInto(
  context: KernelContext,
  kind: Reduction,
  target: GpuHandle,
  source: GpuHandle,
  shape: readonly number[],
  layout: Layout,
  axes: readonly number[],
  type: Scalar,
): void {
  const walks = walksOf(shape, layout, axes)
  const { lines, length } = walks
  if (lines === 0) return
  const lanes = lanesFor(lines, length, walks.neighbours, context.software)
  const pieces = Math.min(
    Math.ceil(wantedInvocations / (lines * lanes)),
    Math.ceil(length / (shortestPiece * lanes)),
  )
  if (pieces <= 1) {
    run(context, kind, target, source, walks, lanes, 1, type)
    return
  }
  const partial = context.arena.allocate({ shape: [pieces, lines] })
  run(context, kind === 'mean' ? 'sum' : kind, partial, source, walks, lanes, pieces, type)
  const rest = walksOf([pieces, lines], { strides: [lines, 1], offset: 0 }, [0])
  run(context, kind, target, partial, rest, lanesFor(lines, pieces, false, context.software), 1, type, length)
  context.arena.release(partial)
}

function walksOf(shape: readonly number[], { strides, offset }: Layout, axes: readonly number[]): Walks {
  const along = (chosen: boolean): { shape: readonly number[]; strides: readonly number[] } => {
    const places = shape.flatMap((_, axis) => (axes.includes(axis) === chosen ? [axis] : []))
    return { shape: places.map((axis) => shape[axis]!), strides: places.map((axis) => strides[axis]!) }
  }
  const [keptAxes, reducedAxes] = [along(false), along(true)]
  const kept = mergeAxes(keptAxes.shape, [keptAxes.strides])
  const reduced = mergeAxes(reducedAxes.shape, [reducedAxes.strides])
  return {
    lines: sizeOf(keptAxes.shape),
    length: sizeOf(reducedAxes.shape),
    kept: { rank: kept.shape.length, values: walkValues(kept, [offset]) },
    reduced: { rank: reduced.shape.length, values: [...reduced.shape, ...reduced.strides[0]!] },
    neighbours: isContiguous(reducedAxes.shape, reducedAxes.strides),
  }
}

function run(
  context: KernelContext,
  kind: Reduction,
  target: GpuHandle,
  source: GpuHandle,
  { lines, length, kept, reduced }: Walks,
  lanes: Lanes,
  pieces: number,
  type: Scalar,
  count = length,
): void {
  const program = reduceProgram(kind, type, kept.rank, reduced.rank, lanes)
  const pieceLength = Math.ceil(length / pieces)
  const values = [lines * pieces, lines, length, pieceLength, count, ...kept.values, ...reduced.values]
  dispatch(context, program, [target, source], values, lineGroups(lines * pieces, lanes))
}

const combinations: Readonly<Record<Reduction, Readonly<Record<'f32' | 'i32', string>>>> = {
  sum: { f32: 'a + b', i32: 'a + b' },
  mean: { f32: 'a + b', i32: 'a + b' },
  max: { f32: 'maximumOf(a, b)', i32: 'max(a, b)' },
  min: { f32: 'minimumOf(a, b)', i32: 'min(a, b)' },
}

const neutral: Readonly<Record<Reduction, Readonly<Record<'f32' | 'i32', string>>>> = {
  sum: { f32: '0.0', i32: '0' },
  mean: { f32: '0.0', i32: '0' },
  max: { f32: 'minusInfinity()', i32: 'i32(-2147483648)' },
  min: { f32: 'infinity()', i32: '2147483647' },
}

function reduceProgram(
  kind: Reduction,
  type: Scalar,
  keptRank: number,
  reducedRank: number,
  lanes: Lanes,
): Program {
  const element = type === 'f32' ? 'f32' : 'i32'
  const combine = combinations[kind][element]
  const axes = Array.from({ length: reducedRank }, (_, axis) => axis)
  return {
    key: `reduce/${kind}/${type}/${keptRank}/${reducedRank}/${lanes}`,
    parameters: [
      ['size', 'u32'],
      ['lines', 'u32'],
      ['length', 'u32'],
      ['pieceLength', 'u32'],
      ['count', 'f32'],
      ...walkParameters(keptRank, ['source']),
      ...axes.map((axis) => [`reducedLength${axis}`, 'u32'] as const),
      ...axes.map((axis) => [`reducedStride${axis}`, 'i32'] as const),
    ],
    bindings: [
      { name: 'target_', type: element, access: 'read_write' },
      { name: 'source', type: element, access: 'read' },
    ],
    body: () => `
${laneReduction(lanes, 'overLanes', element, combine)}
fn combined(a: ${element}, b: ${element}) -> ${element} { return ${combine}; }
fn stepOf(index: u32) -> i32 {
${stepCode(reducedRank)}
}
${forEachLine(
  lanes,
  `  let piece = line / parameters.lines;
  let place = line % parameters.lines;
${walkCode(keptRank, ['source'], 'place')}
  let end = min((piece + 1u) * parameters.pieceLength, parameters.length);
  var total = ${neutral[kind][element]};
  for (var index = piece * parameters.pieceLength + first; index < end; index += LANES) {
    total = combined(total, source[sourceAt + stepOf(index)]);
  }
  total = overLanes(total, lane);
  if (first == 0u) { target_[line] = ${kind === 'mean' ? 'total / parameters.count' : 'total'}; }`,
)}`,
  }
}

/** Where the element number `index` of the reduced axes lies, from the first one on. */
function stepCode(rank: number): string {
  if (rank === 0) return '  return 0;'
  if (rank === 1) return '  return i32(index) * parameters.reducedStride0;'
  const lines = ['  var rest = index;', '  var step = 0;']
  for (let axis = rank - 1; axis > 0; axis--) {
    lines.push(`  step += i32(rest % parameters.reducedLength${axis}) * parameters.reducedStride${axis};`)
    lines.push(`  rest /= parameters.reducedLength${axis};`)
  }
  return [...lines, '  return step + i32(rest) * parameters.reducedStride0;'].join('\n')
}

/** Sums the rows of a dense matrix. */
export function sumRows(
  context: KernelContext,
  target: GpuHandle,
  source: GpuHandle,
  rows: number,
  columns: number,
): void {
  const shape = [rows, columns]
  reduceInto(context, 'sum', target, source, shape, { strides: stridesOf(shape), offset: 0 }, [0], 'f32')
}
