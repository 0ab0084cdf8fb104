import { type BufferHandle, type OpCall, sizeOf, stridesOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { mergeAxes, outerCount, outerOffset } from '../merge-axes.ts'
import { runReference } from '../run-reference.ts'

/**
 * Reduces a matrix into totals, in doubles. The strides of the totals are 0 along what is reduced: over columns, over rows,
 * over both or, in the outer axes of a larger tensor, over neither.
 */
type ReduceLoop = (
  heap: Float32Array,
  source: number,
  row: number,
  column: number,
  totals: Float64Array,
  target: number,
  totalRow: number,
  totalColumn: number,
  rows: number,
  columns: number,
) => void

const sumLoop: ReduceLoop = (
  heap,
  source,
  row,
  column,
  totals,
  target,
  totalRow,
  totalColumn,
  rows,
  columns,
) => {
  for (let index = 0; index < rows; index = (index + 1) | 0) {
    if (totalColumn === 0) totals[target] = totals[target]! + sumLine(heap, source, column, columns)
    else {
      let from = source
      let to = target
      for (let count = 0; count < columns; count = (count + 1) | 0) {
        totals[to] = totals[to]! + heap[from]!
        from = (from + column) | 0
        to = (to + totalColumn) | 0
      }
    }
    source = (source + row) | 0
    target = (target + totalRow) | 0
  }
}

/** Four sums at once: one alone would wait for each addition to finish. */
export function sumLine(heap: Float32Array, source: number, stride: number, length: number): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let count = 0
  for (const last = length - 3; count < last; count = (count + 4) | 0) {
    sum0 += heap[source]!
    source = (source + stride) | 0
    sum1 += heap[source]!
    source = (source + stride) | 0
    sum2 += heap[source]!
    source = (source + stride) | 0
    sum3 += heap[source]!
    source = (source + stride) | 0
  }
  for (; count < length; count = (count + 1) | 0) {
    sum0 += heap[source]!
    source = (source + stride) | 0
  }
  return sum0 + sum1 + (sum2 + sum3)
}

/** `Math.max` lets NaN win, and stay. */
const maxLoop: ReduceLoop = (
  heap,
  source,
  row,
  column,
  totals,
  target,
  totalRow,
  totalColumn,
  rows,
  columns,
) => {
  for (let index = 0; index < rows; index = (index + 1) | 0) {
    let from = source
    if (totalColumn === 0) {
      let peak = totals[target]!
      for (let count = 0; count < columns; count = (count + 1) | 0) {
        peak = Math.max(peak, heap[from]!)
        from = (from + column) | 0
      }
      totals[target] = peak
    } else {
      let to = target
      for (let count = 0; count < columns; count = (count + 1) | 0) {
        totals[to] = Math.max(totals[to]!, heap[from]!)
        from = (from + column) | 0
        to = (to + totalColumn) | 0
      }
    }
    source = (source + row) | 0
    target = (target + totalRow) | 0
  }
}

export const reduceKernels: KernelTable = {
  'qkv/max': reduction(maxLoop, -Infinity, false),
  'qkv/mean': reduction(sumLoop, 0, true),
  'qkv/sum': reduction(sumLoop, 0, false),
}

/** The strides of the totals, over the axes of the input: 0 along those that are reduced. */
function keptStrides(call: OpCall): readonly number[] {
  const { shape } = call.inputs[0]!.spec
  const spec = call.outputs[0]!
  return stridesOf(spec.shape).map((stride, axis) =>
    spec.shape[axis] === 1 && shape[axis] !== 1 ? 0 : stride,
  )
}

function reduction(loop: ReduceLoop, start: number, averages: boolean): Kernel {
  return { run: (call, arena) => reduce(call, arena, loop, start, averages), readsStrides: true }
}

function reduce(
  call: OpCall,
  arena: Arena,
  loop: ReduceLoop,
  start: number,
  averages: boolean,
): readonly BufferHandle[] {
  const [input] = call.inputs
  const { shape } = input!.spec
  const spec = call.outputs[0]!
  if (spec.dtype !== 'float32') return runReference(call, arena)
  const out = arena.allocate(spec)
  const size = sizeOf(spec.shape)
  const totals = arena.scratch(8 * size) / 8
  const { float32, float64 } = arena.heap
  float64.fill(start, totals, totals + size)
  if (sizeOf(shape) > 0) {
    const merged = mergeAxes(shape, [input!.layout.strides, keptStrides(call)])
    const [own, target] = merged.strides as [readonly number[], readonly number[]]
    const row = merged.shape.length - 2
    const count = outerCount(merged.shape)
    for (let index = 0; index < count; index++) {
      loop(
        float32,
        startOf(call, 0) + outerOffset(merged.shape, own, index),
        own[row]!,
        own[row + 1]!,
        float64,
        totals + outerOffset(merged.shape, target, index),
        target[row]!,
        target[row + 1]!,
        merged.shape[row]!,
        merged.shape[row + 1]!,
      )
    }
  }
  // A division, as the definition has it, so that the mean of nothing is NaN.
  const divisor = averages ? sizeOf(shape) / size : 1
  const first = out.address / 4
  for (let index = 0; index < size; index++) float32[first + index] = float64[totals + index]! / divisor
  return [out]
}
