import { type BufferHandle, bytesPerElement, type OpCall, stridesOf } from '@qkv/tensor'
import { inputBuffer, type KernelTable } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import type { CopyElements } from './copy.ts'
import type { FillElements } from './create.ts'

/** How elements are moved and set. */
export interface Movement {
  readonly copy: CopyElements
  readonly fill: FillElements
}

/** Ops that only move elements. */
export function rearrangeKernels(movement: Movement): KernelTable {
  return {
    'qkv/concat': { run: (call, arena) => concat(call, arena, movement), readsStrides: true },
    'qkv/pad': { run: (call, arena) => pad(call, arena, movement), readsStrides: true },
    'qkv/updateSlice': { run: (call, arena) => updateSlice(call, arena, movement) },
  }
}

function concat(call: OpCall, arena: Arena, { copy }: Movement): readonly BufferHandle[] {
  const { axis } = call.attrs as { readonly axis: number }
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  const width = bytesPerElement[spec.dtype]
  const strides = stridesOf(spec.shape)
  let start = 0
  for (const [index, { spec: part, layout }] of call.inputs.entries()) {
    const source = inputBuffer(call, index).address + layout.offset * width
    const target = out.address + start * strides[axis]! * width
    copy(arena, width, target, strides, source, layout.strides, part.shape)
    start += part.shape[axis]!
  }
  return [out]
}

function pad(call: OpCall, arena: Arena, { copy, fill }: Movement): readonly BufferHandle[] {
  const { before } = call.attrs as { readonly before: readonly number[] }
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  fill(arena, out.address, spec, call.scalars[0]!)
  placeInput(call, arena, copy, 0, out.address, before)
  return [out]
}

/** In place, when the first input is donated. */
function updateSlice(call: OpCall, arena: Arena, { copy }: Movement): readonly BufferHandle[] {
  const [x] = call.inputs
  const source = inputBuffer(call, 0)
  const out = x!.donated ? source : arena.allocate(call.outputs[0]!)
  if (out !== source) {
    const { shape, dtype } = x!.spec
    const strides = stridesOf(shape)
    copy(arena, bytesPerElement[dtype], out.address, strides, source.address, strides, shape)
  }
  placeInput(call, arena, copy, 1, out.address, call.scalars)
  return [out]
}

/** Writes an input into the output at the byte `address`, from the position `start` on. */
function placeInput(
  call: OpCall,
  arena: Arena,
  copy: CopyElements,
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
  copy(arena, width, address + first * width, strides, source, layout.strides, spec.shape)
}
