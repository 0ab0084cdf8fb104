import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import type { Heap } from '../memory/heap.ts'
import { roundSums, sumOfSquares } from './layer-norm.ts'

export const rmsNormKernels: KernelTable = {
  'qkv/rmsNorm': { run: rmsNorm, supports: ([x]) => x!.shape.at(-1) !== 0 },
  'qkv/rmsNormBackward': { run: rmsNormBackward, supports: ([x]) => x!.shape.at(-1) !== 0 },
}

function rmsNorm(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { epsilon } = call.attrs as { readonly epsilon: number }
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const rows = sizeOf(shape) / width
  const [y, inverse] = call.outputs.map((spec) => arena.allocate(spec))
  const heap = arena.heap.float32
  const weight = call.inputs.length > 1 ? startOf(call, 1) : -1
  for (let row = 0; row < rows; row++) {
    const source = startOf(call, 0) + row * width
    const target = (y!.address >>> 2) + row * width
    heap[(inverse!.address >>> 2) + row] = normalizeRow(heap, target, source, weight, width, epsilon)
  }
  return [y!, inverse!]
}

function normalizeRow(
  heap: Float32Array,
  target: number,
  source: number,
  weight: number,
  width: number,
  epsilon: number,
): number {
  const end = (source + width) | 0
  const inverse = 1 / Math.sqrt(sumOfSquares(heap, source, width, 0) / width + epsilon)
  if (weight < 0) {
    for (; source < end; source = (source + 1) | 0) {
      heap[target] = heap[source]! * inverse
      target = (target + 1) | 0
    }
  } else {
    for (; source < end; source = (source + 1) | 0) {
      heap[target] = heap[source]! * inverse * heap[weight]!
      target = (target + 1) | 0
      weight = (weight + 1) | 0
    }
  }
  return inverse
}

function rmsNormBackward(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { shape } = call.outputs[0]!
  const width = shape.at(-1)!
  const rows = sizeOf(shape) / width
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const sums = arena.scratch(8 * width) / 8
  const { heap } = arena
  heap.float64.fill(0, sums, sums + width)
  const weight = call.inputs.length > 3 ? startOf(call, 3) : -1
  for (let row = 0; row < rows; row++) {
    rowBackward(
      heap,
      (outputs[0]!.address >>> 2) + row * width,
      startOf(call, 0) + row * width,
      startOf(call, 2) + row * width,
      weight,
      sums,
      width,
      heap.float32[startOf(call, 1) + row]!,
    )
  }
  if (weight >= 0) roundSums(heap, outputs[1]!.address >>> 2, sums, width)
  return outputs
}

function rowBackward(
  { float32, float64 }: Heap,
  target: number,
  source: number,
  gradient: number,
  weight: number,
  sums: number,
  width: number,
  inverse: number,
): void {
  let along = 0
  for (let column = 0; column < width; column = (column + 1) | 0) {
    const product = float32[(gradient + column) | 0]! * float32[(source + column) | 0]! * inverse
    along += weight < 0 ? product : product * float32[(weight + column) | 0]!
    float64[(sums + column) | 0] = float64[(sums + column) | 0]! + product
  }
  along /= width
  for (let column = 0; column < width; column = (column + 1) | 0) {
    const incoming = float32[(gradient + column) | 0]!
    const scaled = weight < 0 ? incoming : incoming * float32[(weight + column) | 0]!
    const normalized = float32[(source + column) | 0]! * inverse
    float32[(target + column) | 0] = (scaled - normalized * along) * inverse
  }
}
