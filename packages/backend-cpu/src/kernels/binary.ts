import { type BufferHandle, isContiguous, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { mergeAxes, outerCount, outerOffset } from '../merge-axes.ts'
import { runReference } from '../run-reference.ts'

/**
 * Combines two matrices element by element into a dense one. Each formula has its own loop, so that the engine
 * compiles each for itself; a shared loop with a function argument would be called for every element.
 */
type BinaryLoop = (
  heap: Float32Array,
  target: number,
  a: number,
  aRow: number,
  aColumn: number,
  b: number,
  bRow: number,
  bColumn: number,
  rows: number,
  columns: number,
) => void

const addLoop: BinaryLoop = (heap, target, a, aRow, aColumn, b, bRow, bColumn, rows, columns) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (const end = (target + columns) | 0; target < end; target = (target + 1) | 0) {
      heap[target] = heap[left]! + heap[right]!
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
  }
}

const subLoop: BinaryLoop = (heap, target, a, aRow, aColumn, b, bRow, bColumn, rows, columns) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (const end = (target + columns) | 0; target < end; target = (target + 1) | 0) {
      heap[target] = heap[left]! - heap[right]!
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
  }
}

const mulLoop: BinaryLoop = (heap, target, a, aRow, aColumn, b, bRow, bColumn, rows, columns) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (const end = (target + columns) | 0; target < end; target = (target + 1) | 0) {
      heap[target] = heap[left]! * heap[right]!
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
  }
}

const divLoop: BinaryLoop = (heap, target, a, aRow, aColumn, b, bRow, bColumn, rows, columns) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (const end = (target + columns) | 0; target < end; target = (target + 1) | 0) {
      heap[target] = heap[left]! / heap[right]!
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
  }
}

const maximumLoop: BinaryLoop = (heap, target, a, aRow, aColumn, b, bRow, bColumn, rows, columns) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (const end = (target + columns) | 0; target < end; target = (target + 1) | 0) {
      heap[target] = Math.max(heap[left]!, heap[right]!)
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
  }
}

const minimumLoop: BinaryLoop = (heap, target, a, aRow, aColumn, b, bRow, bColumn, rows, columns) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (const end = (target + columns) | 0; target < end; target = (target + 1) | 0) {
      heap[target] = Math.min(heap[left]!, heap[right]!)
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
  }
}

export const binaryKernels: KernelTable = {
  'qkv/add': binary(addLoop),
  'qkv/sub': binary(subLoop),
  'qkv/mul': binary(mulLoop),
  'qkv/div': binary(divLoop),
  'qkv/maximum': binary(maximumLoop),
  'qkv/minimum': binary(minimumLoop),
}

function binary(loop: BinaryLoop): Kernel {
  return { run: (call, arena) => runBinary(call, arena, loop), readsStrides: true }
}

function runBinary(call: OpCall, arena: Arena, loop: BinaryLoop): readonly BufferHandle[] {
  const [a, b] = call.inputs
  const { shape, dtype } = call.outputs[0]!
  // Whole-number tensors are small (ids and positions): their definition is fast enough.
  if (dtype !== 'float32') return runReference(call, arena)
  const out = outputBuffer(call, arena)
  const heap = arena.heap.float32
  const target = out.address >>> 2
  const startA = startOf(call, 0)
  const startB = startOf(call, 1)
  const size = sizeOf(shape)
  if (size === 0) return [out]
  if (isContiguous(shape, a!.layout.strides) && isContiguous(shape, b!.layout.strides)) {
    loop(heap, target, startA, 0, 1, startB, 0, 1, 1, size)
    return [out]
  }
  const merged = mergeAxes(shape, [a!.layout.strides, b!.layout.strides])
  const stridesA = merged.strides[0]!
  const stridesB = merged.strides[1]!
  const row = merged.shape.length - 2
  const rows = merged.shape[row]!
  const columns = merged.shape[row + 1]!
  const count = outerCount(merged.shape)
  for (let index = 0; index < count; index++) {
    loop(
      heap,
      target + index * rows * columns,
      startA + outerOffset(merged.shape, stridesA, index),
      stridesA[row]!,
      stridesA[row + 1]!,
      startB + outerOffset(merged.shape, stridesB, index),
      stridesB[row]!,
      stridesB[row + 1]!,
      rows,
      columns,
    )
  }
  return [out]
}
