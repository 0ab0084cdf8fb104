import { type BufferHandle, bytesPerElement, type OpCall, sizeOf } from '@qkv/tensor'
import { inputBuffer, type KernelTable, startOf } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { indexError } from '../gather.ts'

/** Elements that take some ten microseconds. */
const leastElements = 32_768
/** No index is this: none is ignored. */
const noIndex = -(2 ** 31)

export function wasmGatherKernels(wasm: Wasm): KernelTable {
  return {
    'qkv/embedding': { run: (call, arena) => gather(call, arena, wasm, 0) },
    'qkv/gather': {
      run: (call, arena) => gather(call, arena, wasm, (call.attrs as { readonly axis: number }).axis),
    },
    'qkv/scatterAdd': { run: (call, arena) => scatterAdd(call, arena, wasm) },
  }
}

function gather(call: OpCall, arena: Arena, { exports, team }: Wasm, axis: number): readonly BufferHandle[] {
  const { shape, dtype } = call.inputs[0]!.spec
  const indices = 4 * startOf(call, 1)
  const count = sizeOf(call.inputs[1]!.spec.shape)
  const length = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const outside = exports.firstOutside(indices, count, length, noIndex)
  if (outside >= 0) throw indexError(call, 'gather', arena.heap.int32, outside, length)
  const out = arena.allocate(call.outputs[0]!)
  const slices = sizeOf(shape.slice(0, axis)) * count
  const bytes = inner * bytesPerElement[dtype]
  const source = inputBuffer(call, 0).address
  if (bytes > 0)
    team.split(
      exports.gather,
      slices,
      Math.ceil(leastElements / inner),
      out.address,
      source,
      indices,
      count,
      length,
      bytes,
    )
  return [out]
}

/** Sorts the updates by index, keeping their order; then each slice of the result is written once. */
function scatterAdd(call: OpCall, arena: Arena, { exports, team }: Wasm): readonly BufferHandle[] {
  const { axis, length } = call.attrs as { readonly axis: number; readonly length: number }
  const { shape, dtype } = call.inputs[0]!.spec
  const indices = 4 * startOf(call, 1)
  const indexShape = call.inputs[1]!.spec.shape
  const count = sizeOf(indexShape)
  const outside = exports.firstOutside(indices, count, length, noIndex)
  if (outside >= 0) throw indexError(call, 'scatterAdd', arena.heap.int32, outside, length)
  const out = arena.allocate(call.outputs[0]!)
  const inner = sizeOf(shape.slice(axis + indexShape.length))
  const slices = sizeOf(shape.slice(0, axis)) * length
  const ends = arena.scratch(4 * (length + 1 + count))
  const order = ends + 4 * (length + 1)
  exports.sortPositions(indices, count, length, ends, order)
  const kernel = dtype === 'float32' ? exports.scatterAdd : exports.scatterAddWhole
  team.split(
    kernel,
    slices,
    Math.ceil(leastElements / Math.max(inner, 1)),
    out.address,
    4 * startOf(call, 0),
    ends,
    order,
    count,
    length,
    inner,
  )
  return [out]
}
