import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { runReference } from '../run-reference.ts'

export const cumsumKernels: KernelTable = { 'qkv/cumsum': { run: cumsum } }

function cumsum(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { axis, reverse } = call.attrs as { readonly axis: number; readonly reverse: boolean }
  const { shape, dtype } = call.outputs[0]!
  if (dtype !== 'float32') return runReference(call, arena)
  const out = outputBuffer(call, arena)
  const length = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const lines = length === 0 ? 0 : sizeOf(shape) / length
  for (let line = 0; line < lines; line++) {
    const block = Math.floor(line / inner)
    const first = block * length * inner + (line - block * inner) + (reverse ? (length - 1) * inner : 0)
    const source = startOf(call, 0) + first
    addAlong(arena.heap.float32, out.address / 4 + first, source, reverse ? -inner : inner, length)
  }
  return [out]
}

function addAlong(heap: Float32Array, target: number, source: number, stride: number, length: number): void {
  let total = 0
  for (let index = 0; index < length; index = (index + 1) | 0) {
    total += heap[source]!
    heap[target] = total
    source = (source + stride) | 0
    target = (target + stride) | 0
  }
}
