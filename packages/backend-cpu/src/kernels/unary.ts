import { type BufferHandle, isContiguous, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer } from '../kernel.ts'
import type { Arena, CpuBuffer } from '../memory/arena.ts'
import { runReference } from '../run-reference.ts'
import { copyInto } from './copy.ts'

/** Maps `size` elements from `source` on to those from `target` on, which may be the same. */
type UnaryLoop = (heap: Float32Array, target: number, source: number, size: number) => void

const negLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = -heap[source]!
    target = (target + 1) | 0
  }
}

const absLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = Math.abs(heap[source]!)
    target = (target + 1) | 0
  }
}

const squareLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    const x = heap[source]!
    heap[target] = x * x
    target = (target + 1) | 0
  }
}

const sqrtLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = Math.sqrt(heap[source]!)
    target = (target + 1) | 0
  }
}

const rsqrtLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = 1 / Math.sqrt(heap[source]!)
    target = (target + 1) | 0
  }
}

const reciprocalLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = 1 / heap[source]!
    target = (target + 1) | 0
  }
}

const floorLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = Math.floor(heap[source]!)
    target = (target + 1) | 0
  }
}

const logLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = Math.log(heap[source]!)
    target = (target + 1) | 0
  }
}

const sinLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = Math.sin(heap[source]!)
    target = (target + 1) | 0
  }
}

const cosLoop: UnaryLoop = (heap, target, source, size) => {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = Math.cos(heap[source]!)
    target = (target + 1) | 0
  }
}

export const unaryKernels: KernelTable = {
  'qkv/abs': unary(absLoop),
  'qkv/cos': unary(cosLoop),
  'qkv/floor': unary(floorLoop),
  'qkv/log': unary(logLoop),
  'qkv/neg': unary(negLoop),
  'qkv/reciprocal': unary(reciprocalLoop),
  'qkv/relu': { run: relu, readsStrides: true },
  'qkv/rsqrt': unary(rsqrtLoop),
  'qkv/sin': unary(sinLoop),
  'qkv/sqrt': unary(sqrtLoop),
  'qkv/square': unary(squareLoop),
}

function unary(loop: UnaryLoop): Kernel {
  return {
    run: (call, arena) => runUnary(call, arena, loop),
    readsStrides: true,
    supports: ([x]) => x!.dtype === 'float32',
  }
}

function runUnary(call: OpCall, arena: Arena, loop: UnaryLoop): readonly BufferHandle[] {
  if (call.outputs[0]!.dtype !== 'float32') return runReference(call, arena)
  const out = outputBuffer(call, arena)
  const source = denseSource(call, arena, out.address)
  loop(arena.heap.float32, out.address >>> 2, source, sizeOf(call.outputs[0]!.shape))
  return [out]
}

/** The index of the input's elements if they are dense, else of a dense copy of them at the byte `copyTo`. */
export function denseSource(call: OpCall, arena: Arena, copyTo: number): number {
  const input = call.inputs[0]!
  const { shape } = input.spec
  if (isContiguous(shape, input.layout.strides))
    return (input.handle as CpuBuffer).address / 4 + input.layout.offset
  copyInto(arena, copyTo, input)
  return copyTo / 4
}

function relu(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const out = outputBuffer(call, arena)
  const source = denseSource(call, arena, out.address)
  reluWords(arena.heap.int32, out.address >>> 2, source, sizeOf(call.outputs[0]!.shape))
  return [out]
}

/** On the bits of the floats: a branch on their sign could not be predicted. NaN, above infinity in bits, stays. */
function reluWords(heap: Int32Array, target: number, source: number, size: number): void {
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    const bits = heap[source]!
    heap[target] = (bits & 0x7fffffff) > 0x7f800000 ? bits : bits & ~(bits >> 31)
    target = (target + 1) | 0
  }
}
