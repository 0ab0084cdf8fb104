import { type BufferHandle, bytesPerElement, type OpCall, type OpInput, sizeOf } from '@qkv/tensor'
import type { KernelTable } from '../kernel.ts'
import type { Arena, CpuBuffer } from '../memory/arena.ts'
import { mergeAxes, outerCount, outerOffset } from '../merge-axes.ts'

export const whereKernels: KernelTable = {
  'qkv/where': { run: where, readsStrides: true },
}

function where(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const [condition, a, b] = call.inputs
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  if (sizeOf(spec.shape) === 0) return [out]
  const { shape, strides } = mergeAxes(
    spec.shape,
    [condition!, a!, b!].map(({ layout }) => layout.strides),
  )
  const [conditionStrides, stridesA, stridesB] = strides as [number[], number[], number[]]
  const row = shape.length - 2
  const rows = shape[row]!
  const columns = shape[row + 1]!
  const width = bytesPerElement[spec.dtype]
  const { int32, uint8 } = arena.heap
  const count = outerCount(shape)
  for (let index = 0; index < count; index++) {
    const place = {
      condition: elementOf(condition!, 1) + outerOffset(shape, conditionStrides, index),
      conditionRow: conditionStrides[row]!,
      conditionColumn: conditionStrides[row + 1]!,
      a: elementOf(a!, width) + outerOffset(shape, stridesA, index),
      aRow: stridesA[row]!,
      aColumn: stridesA[row + 1]!,
      b: elementOf(b!, width) + outerOffset(shape, stridesB, index),
      bRow: stridesB[row]!,
      bColumn: stridesB[row + 1]!,
      target: out.address / width + index * rows * columns,
    }
    if (width === 4) chooseWords(int32, uint8, place, rows, columns)
    else chooseBytes(uint8, place, rows, columns)
  }
  return [out]
}

function elementOf({ handle, layout }: OpInput, width: number): number {
  return (handle as CpuBuffer).address / width + layout.offset
}

interface WherePlaces {
  readonly condition: number
  readonly conditionRow: number
  readonly conditionColumn: number
  readonly a: number
  readonly aRow: number
  readonly aColumn: number
  readonly b: number
  readonly bRow: number
  readonly bColumn: number
  readonly target: number
}

/** Floats and whole numbers alike: their bits move as integers, under a mask, since no branch could be predicted. */
function chooseWords(
  words: Int32Array,
  bytes: Uint8Array,
  { condition, conditionRow, conditionColumn, a, aRow, aColumn, b, bRow, bColumn, target }: WherePlaces,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row = (row + 1) | 0) {
    let left = a
    let right = b
    let flag = condition
    for (const end = (target + columns) | 0; target < end; target = (target + 1) | 0) {
      const other = words[right]!
      words[target] = other ^ ((other ^ words[left]!) & (-bytes[flag]! >> 31))
      left = (left + aColumn) | 0
      right = (right + bColumn) | 0
      flag = (flag + conditionColumn) >>> 0
    }
    a = (a + aRow) | 0
    b = (b + bRow) | 0
    condition = (condition + conditionRow) >>> 0
  }
}

function chooseBytes(
  bytes: Uint8Array,
  { condition, conditionRow, conditionColumn, a, aRow, aColumn, b, bRow, bColumn, target }: WherePlaces,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const flag = bytes[condition + row * conditionRow + column * conditionColumn]
      const taken = flag === 0 ? b + row * bRow + column * bColumn : a + row * aRow + column * aColumn
      bytes[target + row * columns + column] = bytes[taken]!
    }
  }
}
