import { type BufferHandle, bytesPerElement, type OpCall, sizeOf, stridesOf } from '@qkv/tensor'
import { inputBuffer, type KernelTable } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { viewOf } from '../run-reference.ts'
import { copyElements } from './copy.ts'

/** Ops that only move elements. */
export const rearrangeKernels: KernelTable = {
  'qkv/concat': { run: concat, readsStrides: true },
  'qkv/pad': { run: pad, readsStrides: true },
  'qkv/updateSlice': { run: updateSlice },
}

function concat(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { axis } = call.attrs as { readonly axis: number }
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  const width = bytesPerElement[spec.dtype]
  const strides = stridesOf(spec.shape)
  let start = 0
  for (const [index, { spec: part, layout }] of call.inputs.entries()) {
    const source = inputBuffer(call, index).address + layout.offset * width
    const target = out.address + start * strides[axis]! * width
    copyElements(arena.heap, width, target, strides, source, layout.strides, part.shape)
    start += part.shape[axis]!
  }
  return [out]
}

function pad(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { before } = call.attrs as { readonly before: readonly number[] }
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  viewOf(arena.heap, out, spec).fill(call.scalars[0]!)
  placeInput(call, arena, 0, out.address, before)
  return [out]
}

/** In place, when the first input is donated. */
function updateSlice(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const [x] = call.inputs
  const source = inputBuffer(call, 0)
  const out = x!.donated ? source : arena.allocate(call.outputs[0]!)
  if (out !== source) {
    const bytes = sizeOf(x!.spec.shape) * bytesPerElement[x!.spec.dtype]
    arena.heap.uint8.copyWithin(out.address, source.address, source.address + bytes)
  }
  placeInput(call, arena, 1, out.address, call.scalars)
  return [out]
}

/** Writes an input into the output at the byte `address`, from the position `start` on. */
function placeInput(
  call: OpCall,
  arena: Arena,
  index: number,
  address: number,
  start: readonly number[],
): void {
  const { spec, layout } = call.inputs[index]!
  const width = bytesPerElement[spec.dtype]
  const strides = stridesOf(call.outputs[0]!.shape)
  let first = 0
  for (let axis = 0; axis < strides.length; axis++) first += strides[axis]! * start[axis]!
  const source = inputBuffer(call, index).address + layout.offset * width
  copyElements(arena.heap, width, address + first * width, strides, source, layout.strides, spec.shape)
}
