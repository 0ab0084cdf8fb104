import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import type { Heap } from '../memory/heap.ts'
import { sumLine } from './reduce.ts'

export const layerNormKernels: KernelTable = {
  'qkv/layerNorm': { run: layerNorm, supports: ([x]) => x!.shape.at(-1) !== 0 },
  'qkv/layerNormBackward': { run: layerNormBackward, supports: ([x]) => x!.shape.at(-1) !== 0 },
}

function layerNorm(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { epsilon } = call.attrs as { readonly epsilon: number }
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const rows = sizeOf(shape) / width
  const [y, center, inverseDeviation] = call.outputs.map((spec) => arena.allocate(spec))
  const heap = arena.heap.float32
  const weight = call.inputs.length > 1 ? startOf(call, 1) : -1
  const bias = call.inputs.length > 2 ? startOf(call, 2) : -1
  for (let row = 0; row < rows; row++) {
    normalizeRow(
      heap,
      (y!.address >>> 2) + row * width,
      (center!.address >>> 2) + row,
      (inverseDeviation!.address >>> 2) + row,
      startOf(call, 0) + row * width,
      weight,
      bias,
      width,
      epsilon,
    )
  }
  return [y!, center!, inverseDeviation!]
}

function normalizeRow(
  heap: Float32Array,
  target: number,
  centerAt: number,
  inverseAt: number,
  source: number,
  weight: number,
  bias: number,
  width: number,
  epsilon: number,
): void {
  const end = (source + width) | 0
  const center = sumLine(heap, source, 1, width) / width
  const inverse = 1 / Math.sqrt(sumOfSquares(heap, source, width, center) / width + epsilon)
  heap[centerAt] = center
  heap[inverseAt] = inverse
  if (weight < 0) {
    for (; source < end; source = (source + 1) | 0) {
      heap[target] = (heap[source]! - center) * inverse
      target = (target + 1) | 0
    }
  } else if (bias < 0) {
    for (; source < end; source = (source + 1) | 0) {
      heap[target] = (heap[source]! - center) * inverse * heap[weight]!
      target = (target + 1) | 0
      weight = (weight + 1) | 0
    }
  } else {
    for (; source < end; source = (source + 1) | 0) {
      heap[target] = (heap[source]! - center) * inverse * heap[weight]! + heap[bias]!
      target = (target + 1) | 0
      weight = (weight + 1) | 0
      bias = (bias + 1) | 0
    }
  }
}

/** Two sums at once: one alone would wait for each addition to finish. */
export function sumOfSquares(heap: Float32Array, source: number, width: number, center: number): number {
  let even = 0
  let odd = 0
  const end = (source + width) | 0
  for (const last = (end - 1) | 0; source < last; source = (source + 2) | 0) {
    const first = heap[source]! - center
    const second = heap[(source + 1) | 0]! - center
    even += first * first
    odd += second * second
  }
  if (source < end) {
    const last = heap[source]! - center
    even += last * last
  }
  return even + odd
}

function layerNormBackward(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const rows = sizeOf(shape) / width
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const sums = arena.scratch(16 * width) / 8
  const { heap } = arena
  heap.float64.fill(0, sums, sums + 2 * width)
  const weight = call.inputs.length > 4 ? startOf(call, 4) : -1
  const backward = weight < 0 ? plainRowBackward : scaledRowBackward
  for (let row = 0; row < rows; row++) {
    backward(
      heap,
      (outputs[0]!.address >>> 2) + row * width,
      startOf(call, 0) + row * width,
      startOf(call, 3) + row * width,
      weight,
      sums,
      width,
      heap.float32[startOf(call, 1) + row]!,
      heap.float32[startOf(call, 2) + row]!,
    )
  }
  if (weight >= 0) {
    roundSums(heap, outputs[1]!.address >>> 2, sums, width)
    roundSums(heap, outputs[2]!.address >>> 2, sums + width, width)
  }
  return outputs
}

function scaledRowBackward(
  { float32, float64 }: Heap,
  target: number,
  source: number,
  gradient: number,
  weight: number,
  sums: number,
  width: number,
  center: number,
  inverse: number,
): void {
  let total = 0
  let along = 0
  for (let column = 0; column < width; column = (column + 1) | 0) {
    const normalized = (float32[(source + column) | 0]! - center) * inverse
    const incoming = float32[(gradient + column) | 0]!
    const scaled = incoming * float32[(weight + column) | 0]!
    total += scaled
    along += scaled * normalized
    const place = (sums + column) | 0
    float64[place] = float64[place]! + incoming * normalized
    float64[place + width] = float64[place + width]! + incoming
  }
  total /= width
  along /= width
  for (let column = 0; column < width; column = (column + 1) | 0) {
    const normalized = (float32[(source + column) | 0]! - center) * inverse
    const scaled = float32[(gradient + column) | 0]! * float32[(weight + column) | 0]!
    float32[(target + column) | 0] = (scaled - total - normalized * along) * inverse
  }
}

function plainRowBackward(
  { float32 }: Heap,
  target: number,
  source: number,
  gradient: number,
  _weight: number,
  _sums: number,
  width: number,
  center: number,
  inverse: number,
): void {
  let total = 0
  let along = 0
  for (let column = 0; column < width; column = (column + 1) | 0) {
    const incoming = float32[(gradient + column) | 0]!
    total += incoming
    along += incoming * (float32[(source + column) | 0]! - center) * inverse
  }
  total /= width
  along /= width
  for (let column = 0; column < width; column = (column + 1) | 0) {
    const normalized = (float32[(source + column) | 0]! - center) * inverse
    float32[(target + column) | 0] =
      (float32[(gradient + column) | 0]! - total - normalized * along) * inverse
  }
}

/** Writes sums kept in doubles as float32. */
export function roundSums({ float32, float64 }: Heap, target: number, sums: number, width: number): void {
  for (let column = 0; column < width; column++) float32[target + column] = float64[sums + column]!
}
