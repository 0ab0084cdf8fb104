import { type BufferHandle, type OpCall, sizeOf, stridesOf, type TensorSpec } from '@qkv/tensor'
import { type Kernel, type KernelTable, startOf } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import { mergeAxes, type MergedAxes } from '../../merge-axes.ts'
import type { SplitKernel } from '../../threads/team.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { walkBytes, writeWalk } from './walk.ts'

type ReduceKernel = SplitKernel<[kept: number, reduced: number, divisor: number]>

/** A reduction where what is reduced lies together, and where what is kept does. */
interface Reduction {
  readonly rows: ReduceKernel
  readonly columns?: ReduceKernel
}

/** Elements that take some ten microseconds. */
const leastElements = 40_000
/** A longer sum of all is the sum of the sums of such stretches, which threads share. */
const stretch = 16_384
/** Columns of a unit. */
const group = 8

export function wasmReduceKernels(wasm: Wasm): KernelTable {
  const { exports } = wasm
  const sums = {
    float32: { rows: exports.sumRows, columns: exports.sumColumns },
    int32: { rows: exports.sumWholeRows },
  }
  return {
    'qkv/sum': reduction(wasm, sums),
    'qkv/mean': reduction(wasm, { float32: sums.float32 }, true),
    'qkv/prod': reduction(wasm, {
      float32: { rows: exports.productRows, columns: exports.productColumns },
      int32: { rows: exports.productWholeRows },
    }),
    'qkv/max': reduction(wasm, {
      float32: { rows: exports.maximumRows, columns: exports.maximumColumns },
      int32: { rows: exports.maximumWholeRows },
    }),
    'qkv/min': reduction(wasm, {
      float32: { rows: exports.minimumRows, columns: exports.minimumColumns },
      int32: { rows: exports.minimumWholeRows },
    }),
  }
}

function reduction(
  wasm: Wasm,
  kernels: Readonly<Partial<Record<TensorSpec['dtype'], Reduction>>>,
  averages = false,
): Kernel {
  return {
    readsStrides: true,
    supports: ([x]) => kernels[x!.dtype] !== undefined,
    run: (call, arena) => reduce(call, arena, wasm, kernels[call.inputs[0]!.spec.dtype]!, averages),
  }
}

function reduce(
  call: OpCall,
  arena: Arena,
  wasm: Wasm,
  kernels: Reduction,
  averages: boolean,
): readonly BufferHandle[] {
  const [input] = call.inputs
  const { shape } = input!.spec
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  const size = sizeOf(spec.shape)
  if (size === 0) return [out]
  const divisor = averages ? sizeOf(shape) / size : 1
  const source = 4 * startOf(call, 0)
  const { kept, reduced } = splitAxes(shape, input!.layout.strides, spec.shape)
  const length = sizeOf(reduced.shape)
  if (size === 1 && length > 2 * stretch && reduced.strides[0]!.at(-1) === 1 && reduced.shape[0] === 1)
    reduceStretches(arena, wasm, kernels.rows, out.address, source, length, divisor)
  else reduceAxes(arena, wasm, kernels, out.address, source, kept, reduced, divisor)
  return [out]
}

/** The axes that are kept, with the strides of the result and of the input, and those that are reduced, with those of the input. */
function splitAxes(
  shape: readonly number[],
  strides: readonly number[],
  result: readonly number[],
): { readonly kept: MergedAxes; readonly reduced: MergedAxes } {
  const resultStrides = stridesOf(result)
  const stays = shape.map((length, axis) => length === result[axis])
  const of = (list: readonly number[], kept: boolean): readonly number[] =>
    list.filter((_, axis) => stays[axis] === kept)
  return {
    kept: mergeAxes(of(shape, true), [of(resultStrides, true), of(strides, true)]),
    reduced: mergeAxes(of(shape, false), [of(strides, false)]),
  }
}

function reduceAxes(
  arena: Arena,
  wasm: Wasm,
  { rows, columns }: Reduction,
  target: number,
  source: number,
  kept: MergedAxes,
  reduced: MergedAxes,
  divisor: number,
): void {
  const length = sizeOf(reduced.shape)
  const size = sizeOf(kept.shape)
  const address = arena.scratch(walkBytes(kept.shape.length) + walkBytes(reduced.shape.length))
  const other = address + walkBytes(kept.shape.length)
  const from = { address: source, strides: [], width: 4 }
  writeWalk(arena.heap, address, kept, [{ ...from, address: target }, from])
  writeWalk(arena.heap, other, { ...reduced, strides: [reduced.strides[0]!, reduced.strides[0]!] }, [
    { ...from, address: 0 },
    { ...from, address: 0 },
  ])
  const width = kept.shape.at(-1)!
  const together = columns && width >= 4 && kept.strides[1]!.at(-1) === 1 && reduced.strides[0]!.at(-1) !== 1
  if (together) {
    const units = (size / width) * Math.ceil(width / group)
    const least = Math.ceil(leastElements / (group * Math.max(length, 1)))
    wasm.team.split(columns, units, least, address, other, divisor)
  } else wasm.team.split(rows, size, Math.ceil(leastElements / Math.max(length, 1)), address, other, divisor)
}

/** In two calls, with the same stretches for any number of threads. */
function reduceStretches(
  arena: Arena,
  wasm: Wasm,
  kernel: ReduceKernel,
  target: number,
  source: number,
  length: number,
  divisor: number,
): void {
  const whole = Math.floor(length / stretch)
  const rest = length - whole * stretch
  const partial = arena.reserve(4 * (whole + 1))
  const line = (count: number, steps: readonly (readonly number[])[]): MergedAxes => ({
    shape: [1, count],
    strides: steps,
  })
  const reduceTo = (to: number, from: number, count: number, width: number, by: number): void =>
    reduceAxes(
      arena,
      wasm,
      { rows: kernel },
      to,
      from,
      line(count, [
        [0, 1],
        [0, width],
      ]),
      line(width, [[0, 1]]),
      by,
    )
  reduceTo(partial.address, source, whole, stretch, 1)
  if (rest > 0) reduceTo(partial.address + 4 * whole, source + 4 * whole * stretch, 1, rest, 1)
  reduceTo(target, partial.address, 1, rest > 0 ? whole + 1 : whole, divisor)
  arena.giveBack(partial)
}

/** The sum of each column of a dense matrix; places are bytes. */
export function sumOfColumns(
  arena: Arena,
  wasm: Wasm,
  target: number,
  source: number,
  rows: number,
  columns: number,
): void {
  const { sumRows, sumColumns } = wasm.exports
  const kept = {
    shape: [1, columns],
    strides: [
      [0, 1],
      [0, 1],
    ],
  }
  const reduced = { shape: [1, rows], strides: [[0, columns]] }
  reduceAxes(arena, wasm, { rows: sumRows, columns: sumColumns }, target, source, kept, reduced, 1)
}
