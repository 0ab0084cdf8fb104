import {
  ArgumentError,
  type BufferHandle,
  bytesPerElement,
  formatShape,
  type OpCall,
  sizeOf,
  stridesOf,
} from '@qkv/tensor'
import { inputBuffer, type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { runReference } from '../run-reference.ts'

/** Slices at least this long are moved by the engine. */
const longSlice = 64

export const gatherKernels: KernelTable = {
  'qkv/embedding': { run: (call, arena) => gather(call, arena, 0) },
  'qkv/gather': { run: (call, arena) => gather(call, arena, (call.attrs as { readonly axis: number }).axis) },
  'qkv/scatterAdd': { run: scatterAdd },
}

function gather(call: OpCall, arena: Arena, axis: number): readonly BufferHandle[] {
  const [x, indices] = call.inputs
  const { shape, dtype } = x!.spec
  const outer = sizeOf(shape.slice(0, axis))
  const length = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const count = sizeOf(indices!.spec.shape)
  checkIndices(call, 'gather', arena.heap.int32, length)
  const out = arena.allocate(call.outputs[0]!)
  const width = bytesPerElement[dtype]
  const view = width === 4 ? arena.heap.int32 : arena.heap.uint8
  const source = inputBuffer(call, 0).address / width
  let target = out.address / width
  for (let block = 0; block < outer; block++) {
    for (let index = 0; index < count; index++) {
      const from = source + (block * length + arena.heap.int32[startOf(call, 1) + index]!) * inner
      if (inner >= longSlice) view.copyWithin(target, from, from + inner)
      else for (let column = 0; column < inner; column++) view[target + column] = view[from + column]!
      target += inner
    }
  }
  return [out]
}

function checkIndices(call: OpCall, operation: string, int32: Int32Array, length: number): void {
  const start = startOf(call, 1)
  const count = sizeOf(call.inputs[1]!.spec.shape)
  for (let position = 0; position < count; position++) {
    const value = int32[start + position]!
    if (value >= 0 && value < length) continue
    throw indexError(call, operation, int32, position, length)
  }
}

/** The same error as that of the definition. */
export function indexError(
  call: OpCall,
  operation: string,
  int32: Int32Array,
  position: number,
  length: number,
): ArgumentError {
  const { shape } = call.inputs[1]!.spec
  const place = stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]!)
  return new ArgumentError({
    operation,
    argument: 'indices',
    got: `holds ${int32[startOf(call, 1) + position]} at ${formatShape(place)}`,
    expected: length === 0 ? 'no index, since the axis is empty' : `indices from 0 to ${length - 1}`,
    fix: 'Check which table the ids were made for.',
  })
}

/**
 * Sorts the updates by index, keeping their order, and then adds up one slice after the other: the totals of a single
 * slice are doubles, and each result is written once.
 */
function scatterAdd(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { axis, length } = call.attrs as { readonly axis: number; readonly length: number }
  const [updates, indices] = call.inputs
  if (updates!.spec.dtype !== 'float32') return runReference(call, arena)
  checkIndices(call, 'scatterAdd', arena.heap.int32, length)
  const count = sizeOf(indices!.spec.shape)
  const outer = sizeOf(updates!.spec.shape.slice(0, axis))
  const inner = sizeOf(updates!.spec.shape.slice(axis + indices!.spec.shape.length))
  const out = arena.allocate(call.outputs[0]!)
  const scratch = arena.scratch(8 * inner + 4 * (length + 1 + count))
  const totals = scratch / 8
  const ends = scratch / 4 + 2 * inner
  const order = ends + length + 1
  const { float32, float64, int32 } = arena.heap
  sortPositions(int32, startOf(call, 1), count, length, ends, order)
  for (let block = 0; block < outer; block++) {
    for (let slice = 0; slice < length; slice++) {
      const target = out.address / 4 + (block * length + slice) * inner
      const first = slice === 0 ? 0 : int32[ends + slice - 1]!
      const last = int32[ends + slice]!
      if (first === last) {
        float32.fill(0, target, target + inner)
        continue
      }
      float64.fill(0, totals, totals + inner)
      for (let place = first; place < last; place++) {
        const source = startOf(call, 0) + (block * count + int32[order + place]!) * inner
        addSlice(float64, totals, float32, source, inner)
      }
      for (let column = 0; column < inner; column++) float32[target + column] = float64[totals + column]!
    }
  }
  return [out]
}

/** Counting sort: the positions of each index in turn from `order` on, and where they end from `ends` on. */
function sortPositions(
  heap: Int32Array,
  indices: number,
  count: number,
  length: number,
  ends: number,
  order: number,
): void {
  heap.fill(0, ends, ends + length + 1)
  for (let position = 0; position < count; position++) heap[ends + 1 + heap[indices + position]!]! += 1
  for (let index = 1; index <= length; index++) heap[ends + index]! += heap[ends + index - 1]!
  for (let position = 0; position < count; position++) {
    const index = heap[indices + position]!
    heap[order + heap[ends + index]!] = position
    heap[ends + index]! += 1
  }
}

function addSlice(
  float64: Float64Array,
  totals: number,
  float32: Float32Array,
  source: number,
  length: number,
): void {
  for (const end = (source + length) | 0; source < end; source = (source + 1) | 0) {
    float64[totals] = float64[totals]! + float32[source]!
    totals = (totals + 1) | 0
  }
}
