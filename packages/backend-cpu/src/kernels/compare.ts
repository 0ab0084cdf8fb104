import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, startOf } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { mergeAxes, outerCount, outerOffset } from '../merge-axes.ts'
import { runReference } from '../run-reference.ts'

/**
 * Compares two matrices element by element. Floats and whole numbers have loops of their own, so that each sees one kind
 * of array; `Number` instead of a choice saves a branch that nothing could predict.
 */
type CompareLoop<Numbers> = (
  heap: Numbers,
  a: number,
  aRow: number,
  aColumn: number,
  b: number,
  bRow: number,
  bColumn: number,
  bytes: Uint8Array,
  target: number,
  rows: number,
  columns: number,
) => void

const lessFloats: CompareLoop<Float32Array> = (
  heap,
  a,
  aRow,
  aColumn,
  b,
  bRow,
  bColumn,
  bytes,
  target,
  rows,
  columns,
) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (let column = 0; column < columns; column = (column + 1) | 0) {
      bytes[target + column] = Number(heap[left]! < heap[right]!)
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
    target += columns
  }
}

const equalFloats: CompareLoop<Float32Array> = (
  heap,
  a,
  aRow,
  aColumn,
  b,
  bRow,
  bColumn,
  bytes,
  target,
  rows,
  columns,
) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (let column = 0; column < columns; column = (column + 1) | 0) {
      bytes[target + column] = Number(heap[left] === heap[right])
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
    target += columns
  }
}

const lessWords: CompareLoop<Int32Array> = (
  heap,
  a,
  aRow,
  aColumn,
  b,
  bRow,
  bColumn,
  bytes,
  target,
  rows,
  columns,
) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (let column = 0; column < columns; column = (column + 1) | 0) {
      bytes[target + column] = Number(heap[left]! < heap[right]!)
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
    target += columns
  }
}

const equalWords: CompareLoop<Int32Array> = (
  heap,
  a,
  aRow,
  aColumn,
  b,
  bRow,
  bColumn,
  bytes,
  target,
  rows,
  columns,
) => {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    for (let column = 0; column < columns; column = (column + 1) | 0) {
      bytes[target + column] = Number(heap[left] === heap[right])
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
    target += columns
  }
}

export const compareKernels: KernelTable = {
  'qkv/equal': comparison(equalFloats, equalWords),
  'qkv/less': comparison(lessFloats, lessWords),
}

function comparison(floats: CompareLoop<Float32Array>, words: CompareLoop<Int32Array>): Kernel {
  return {
    run(call, arena) {
      const { dtype } = call.inputs[0]!.spec
      if (dtype === 'float32') return compare(call, arena, floats, (heap) => heap.float32)
      if (dtype === 'int32') return compare(call, arena, words, (heap) => heap.int32)
      return runReference(call, arena)
    },
    readsStrides: true,
  }
}

function compare<Numbers>(
  call: OpCall,
  arena: Arena,
  loop: CompareLoop<Numbers>,
  view: (heap: Arena['heap']) => Numbers,
): readonly BufferHandle[] {
  const [a, b] = call.inputs
  const { shape } = call.outputs[0]!
  const out = arena.allocate(call.outputs[0]!)
  if (sizeOf(shape) === 0) return [out]
  const { shape: merged, strides } = mergeAxes(shape, [a!.layout.strides, b!.layout.strides])
  const [stridesA, stridesB] = strides as [readonly number[], readonly number[]]
  const row = merged.length - 2
  const rows = merged[row]!
  const columns = merged[row + 1]!
  const count = outerCount(merged)
  for (let index = 0; index < count; index++) {
    loop(
      view(arena.heap),
      startOf(call, 0) + outerOffset(merged, stridesA, index),
      stridesA[row]!,
      stridesA[row + 1]!,
      startOf(call, 1) + outerOffset(merged, stridesB, index),
      stridesB[row]!,
      stridesB[row + 1]!,
      arena.heap.uint8,
      out.address + index * rows * columns,
      rows,
      columns,
    )
  }
  return [out]
}
