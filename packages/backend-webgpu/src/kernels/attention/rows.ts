import { type OpInput, sizeOf } from '@qkv/tensor'
import { forEachIndex, type Program, threads } from '../../commands/program.ts'
import { dispatch, type KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import { denseLayout } from './matrices.ts'
import type { Piece } from './pieces.ts'

/** Some rows of a `[batch, heads, rows, columns]`. */
export function sliceRows(input: OpInput, first: number, count: number): OpInput {
  const { spec, layout } = input
  const [batch, heads, , columns] = spec.shape as readonly [number, number, number, number]
  return {
    handle: input.handle,
    donated: false,
    spec: { ...spec, shape: [batch, heads, count, columns] },
    layout: { ...layout, offset: layout.offset + first * layout.strides[2]! },
  }
}

/** The keys or values of a piece, and the copy to release that this took where a list names them. */
export function keyRows(
  context: KernelContext,
  input: OpInput,
  list: GpuHandle | undefined,
  piece: Piece,
): { readonly rows: OpInput; readonly copy: GpuHandle | undefined } {
  if (!list) return { rows: sliceRows(input, piece.firstKey, piece.keys), copy: undefined }
  const rows = gatherRows(context, input, list, piece)
  return { rows, copy: rows.handle as GpuHandle }
}

const listParameters = [
  ['size', 'u32'],
  ['heads', 'u32'],
  ['rows', 'u32'],
  ['columns', 'u32'],
  ['listed', 'u32'],
] as const

/** Declares the batch entry, head and column of an element of gathered rows, and which row of the whole its row is. */
const listedRow = `  let column = index % parameters.columns;
  let row = (index / parameters.columns) % parameters.rows;
  let matrix = index / (parameters.columns * parameters.rows);
  let head = matrix % parameters.heads;
  let entry = matrix / parameters.heads;
  let place = u32(list[parameters.listed + row]);`

const gatherProgram: Program = {
  key: 'attention/gatherRows',
  parameters: [
    ...listParameters,
    ['offset', 'i32'],
    ['entryStride', 'i32'],
    ['headStride', 'i32'],
    ['rowStride', 'i32'],
    ['columnStride', 'i32'],
  ],
  bindings: [
    { name: 'target_', type: 'u32', access: 'read_write' },
    { name: 'source', type: 'u32', access: 'read' },
    { name: 'list', type: 'i32', access: 'read' },
  ],
  body: () =>
    forEachIndex(`${listedRow}
  target_[index] = source[parameters.offset + i32(entry) * parameters.entryStride + i32(head) * parameters.headStride
    + i32(place) * parameters.rowStride + i32(column) * parameters.columnStride];`),
}

/** The rows of a `[batch, heads, rows, columns]` that `list` names for a piece, dense and in a buffer of their own. */
function gatherRows(
  context: KernelContext,
  { handle, spec, layout }: OpInput,
  list: GpuHandle,
  { firstKey, keys }: Piece,
): OpInput {
  const [batch, heads, , columns] = spec.shape as readonly [number, number, number, number]
  const shape = [batch, heads, keys, columns]
  const target = context.arena.allocate({ shape })
  const size = sizeOf(shape)
  const values = [size, heads, keys, columns, firstKey, layout.offset, ...layout.strides]
  dispatch(context, gatherProgram, [target, handle as GpuHandle, list], values, Math.ceil(size / threads))
  return {
    handle: target,
    donated: false,
    spec: { ...spec, shape },
    layout: denseLayout(heads, keys, columns),
  }
}

const addProgram: Program = {
  key: 'attention/addRows',
  parameters: [...listParameters, ['allRows', 'u32']],
  bindings: [
    { name: 'target_', type: 'f32', access: 'read_write' },
    { name: 'source', type: 'f32', access: 'read' },
    { name: 'list', type: 'i32', access: 'read' },
  ],
  body: () =>
    forEachIndex(`${listedRow}
  let at = ((entry * parameters.heads + head) * parameters.allRows + place) * parameters.columns + column;
  target_[at] += source[index];`),
}

/** Adds dense rows `[batch, heads, keys of the piece, columns]` to those of the target that `list` names; none is named twice. */
export function addRows(
  context: KernelContext,
  target: GpuHandle,
  source: GpuHandle,
  list: GpuHandle,
  { firstKey, keys }: Piece,
  [batch, heads, rows, columns]: readonly [number, number, number, number],
): void {
  const size = batch * heads * keys * columns
  const values = [size, heads, keys, columns, firstKey, rows]
  dispatch(context, addProgram, [target, source, list], values, Math.ceil(size / threads))
}
