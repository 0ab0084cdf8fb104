import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import type { KernelTable } from '../kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { viewOf } from '../run-reference.ts'

/** Ops without inputs, but for random numbers. */
export const creationKernels: KernelTable = {
  'qkv/full': { run: full },
  'qkv/iota': { run: iota },
}

function full(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const spec = call.outputs[0]!
  const out = arena.allocate(spec)
  const value = call.scalars[0]!
  // Most are scalars: a view would cost more than the value.
  if (spec.shape.length === 0 && spec.dtype === 'float32') arena.heap.float32[out.address >>> 2] = value
  else viewOf(arena.heap, out, spec).fill(value)
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
