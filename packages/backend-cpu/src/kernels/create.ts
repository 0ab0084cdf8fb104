import { type BufferHandle, type OpCall, sizeOf, type TensorSpec } from '@qkv/tensor'
import type { KernelTable } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { viewOf } from '../run-reference.ts'

/** Ops without inputs, but for random numbers. */
export const creationKernels: KernelTable = {
  'qkv/full': { run: full },
  'qkv/iota': { run: iota },
}

/** Sets all elements from a byte on, as many as a spec has. */
export type FillElements = (arena: Arena, target: number, spec: TensorSpec, value: number) => void

export const fillElements: FillElements = ({ heap }, target, spec, value) => {
  viewOf(heap, { address: target }, spec).fill(value)
}

function full(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  fillElements(arena, out.address, spec, call.scalars[0]!)
  return [out]
}

function iota(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { axis } = call.attrs as { readonly axis: number }
  const spec = call.outputs[0]!
  const [start, step] = call.scalars
  const out = arena.allocate(spec)
  const view = viewOf(arena.heap, out, spec)
  const length = spec.shape[axis]!
  const inner = sizeOf(spec.shape.slice(axis + 1))
  for (let first = 0; first < view.length; first += inner) {
    const value = start! + ((first / inner) % length) * step!
    for (let index = first; index < first + inner; index++) view[index] = value
  }
  return [out]
}
