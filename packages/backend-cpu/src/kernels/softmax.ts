import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import { interpolate } from '../math/interpolation-table.ts'
import { exponentialTable } from '../math/tables.ts'
import type { Arena } from '../memory/arena.ts'

/** Normalises one line of `length` elements, `stride` apart, from `source` to the same places from `target` on. */
type LineLoop = (heap: Float32Array, target: number, source: number, stride: number, length: number) => void

export const softmaxKernels: KernelTable = {
  'qkv/logSoftmax': { run: (call, arena) => alongAxis(call, arena, logSoftmaxLine) } satisfies Kernel,
  'qkv/softmax': { run: (call, arena) => alongAxis(call, arena, softmaxLine) } satisfies Kernel,
}

function alongAxis(call: OpCall, arena: Arena, loop: LineLoop): readonly BufferHandle[] {
  const { axis } = call.attrs as { readonly axis: number }
  const { shape } = call.outputs[0]!
  const out = outputBuffer(call, arena)
  const length = shape[axis]!
  const stride = sizeOf(shape.slice(axis + 1))
  const lines = length === 0 ? 0 : sizeOf(shape) / length
  const source = startOf(call, 0)
  const target = out.address >>> 2
  const heap = arena.heap.float32
  for (let line = 0; line < lines; line++) {
    const block = Math.floor(line / stride)
    const first = block * length * stride + (line - block * stride)
    loop(heap, target + first, source + first, stride, length)
  }
  return [out]
}

const softmaxLine: LineLoop = (heap, target, source, stride, length) => {
  const table = exponentialTable()
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  const peak = peakOf(heap, source, stride, length)
  let total = 0
  let to = target
  for (let index = 0; index < length; index = (index + 1) | 0) {
    const value = interpolate(table, low, high, density, heap[source]! - peak)
    heap[to] = value
    total += value
    source = (source + stride) | 0
    to = (to + stride) | 0
  }
  const share = 1 / total
  for (let index = 0; index < length; index = (index + 1) | 0) {
    heap[target] = heap[target]! * share
    target = (target + stride) | 0
  }
}

const logSoftmaxLine: LineLoop = (heap, target, source, stride, length) => {
  const peak = peakOf(heap, source, stride, length)
  const shift = Math.log(sumOfExponentials(heap, source, stride, length, peak))
  for (let index = 0; index < length; index = (index + 1) | 0) {
    heap[target] = heap[source]! - peak - shift
    source = (source + stride) | 0
    target = (target + stride) | 0
  }
}

/** The largest element of a line; what NaN does here matters not, since it spreads from the exponentials. */
export function peakOf(heap: Float32Array, source: number, stride: number, length: number): number {
  let peak = -Infinity
  for (let index = 0; index < length; index = (index + 1) | 0) {
    const value = heap[source]!
    peak = value > peak ? value : peak
    source = (source + stride) | 0
  }
  return peak
}

export function sumOfExponentials(
  heap: Float32Array,
  source: number,
  stride: number,
  length: number,
  peak: number,
): number {
  const table = exponentialTable()
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  let total = 0
  for (let index = 0; index < length; index = (index + 1) | 0) {
    total += interpolate(table, low, high, density, heap[source]! - peak)
    source = (source + stride) | 0
  }
  return total
}
