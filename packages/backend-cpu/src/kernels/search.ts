import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { runReference } from '../run-reference.ts'

/** Longer lists go to the definition, which sorts the whole line. */
const longestList = 256

export const searchKernels: KernelTable = {
  'qkv/argmax': { run: argmax },
  'qkv/topK': { run: topK },
}

function argmax(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { axis } = call.attrs as { readonly axis: number }
  const { shape, dtype } = call.inputs[0]!.spec
  if (dtype !== 'float32') return runReference(call, arena)
  const out = arena.allocate(call.outputs[0]!)
  const length = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const lines = sizeOf(call.outputs[0]!.shape)
  const { float32, int32 } = arena.heap
  for (let line = 0; line < lines; line++) {
    const block = Math.floor(line / inner)
    const first = startOf(call, 0) + block * length * inner + (line - block * inner)
    int32[out.address / 4 + line] = indexOfPeak(float32, first, inner, length)
  }
  return [out]
}

/** The first of equals; the first NaN before all. */
function indexOfPeak(heap: Float32Array, source: number, stride: number, length: number): number {
  let best = 0
  let peak = heap[source]!
  for (let index = 1; index < length; index = (index + 1) | 0) {
    source = (source + stride) | 0
    const value = heap[source]!
    if (value <= peak || Number.isNaN(peak)) continue
    best = index
    peak = value
  }
  return best
}

function topK(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { axis, k } = call.attrs as { readonly axis: number; readonly k: number }
  const { shape, dtype } = call.inputs[0]!.spec
  if (dtype !== 'float32' || k > longestList) return runReference(call, arena)
  const [values, indices] = call.outputs.map((spec) => arena.allocate(spec))
  const length = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const lines = k === 0 ? 0 : sizeOf(call.outputs[0]!.shape) / k
  const { float32, int32 } = arena.heap
  for (let line = 0; line < lines; line++) {
    const block = Math.floor(line / inner)
    const column = line - block * inner
    const source = startOf(call, 0) + block * length * inner + column
    const place = block * k * inner + column
    listLargest(
      float32,
      source,
      inner,
      length,
      k,
      int32,
      values!.address / 4 + place,
      indices!.address / 4 + place,
    )
  }
  return [values!, indices!]
}

/** Keeps a sorted list of the `k` largest so far, in the outputs; most elements are below its end and cost one comparison. */
function listLargest(
  float32: Float32Array,
  source: number,
  stride: number,
  length: number,
  k: number,
  int32: Int32Array,
  values: number,
  indices: number,
): void {
  let filled = 0
  for (let index = 0; index < length; index++) {
    const value = float32[source + index * stride]!
    if (filled === k && !precedes(value, float32[values + (k - 1) * stride]!)) continue
    let rank = filled < k ? filled++ : k - 1
    for (; rank > 0 && precedes(value, float32[values + (rank - 1) * stride]!); rank--) {
      float32[values + rank * stride] = float32[values + (rank - 1) * stride]!
      int32[indices + rank * stride] = int32[indices + (rank - 1) * stride]!
    }
    float32[values + rank * stride] = value
    int32[indices + rank * stride] = index
  }
}

/** Larger numbers first, NaN before all of them. */
function precedes(value: number, other: number): boolean {
  return value > other || (Number.isNaN(value) && !Number.isNaN(other))
}
