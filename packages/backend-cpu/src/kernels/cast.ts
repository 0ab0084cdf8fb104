import { type BufferHandle, type OpCall, type OpInput, sizeOf } from '@qkv/tensor'
import type { KernelTable } from '../kernel.ts'
import type { Arena, CpuBuffer } from '../memory/arena.ts'
import { runReference } from '../run-reference.ts'

/** Between the element types that tensors compute with; those of storage alone go by their definition. */
export const castKernels: KernelTable = { 'qkv/cast': { run: cast } }

function cast(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { spec, handle } = call.inputs[0] as OpInput
  const output = call.outputs[0]!
  const loop = loops[`${spec.dtype} ${output.dtype}`]
  if (loop === undefined) return runReference(call, arena)
  const out = arena.allocate(output)
  loop(arena, out.address, (handle as CpuBuffer).address, sizeOf(output.shape))
  return [out]
}

type CastLoop = (arena: Arena, target: number, source: number, size: number) => void

const loops: Readonly<Record<string, CastLoop>> = {
  'int32 float32': ({ heap: { float32, int32 } }, target, source, size) => {
    for (let index = 0; index < size; index++) float32[target / 4 + index] = int32[source / 4 + index]!
  },
  'float32 int32': ({ heap: { float32, int32 } }, target, source, size) => {
    for (let index = 0; index < size; index++) int32[target / 4 + index] = float32[source / 4 + index]!
  },
  'bool float32': ({ heap: { float32, uint8 } }, target, source, size) => {
    for (let index = 0; index < size; index++) float32[target / 4 + index] = uint8[source + index]!
  },
  'bool int32': ({ heap: { int32, uint8 } }, target, source, size) => {
    for (let index = 0; index < size; index++) int32[target / 4 + index] = uint8[source + index]!
  },
  'float32 bool': ({ heap: { float32, uint8 } }, target, source, size) => {
    for (let index = 0; index < size; index++)
      uint8[target + index] = float32[source / 4 + index] === 0 ? 0 : 1
  },
  'int32 bool': ({ heap: { int32, uint8 } }, target, source, size) => {
    for (let index = 0; index < size; index++) uint8[target + index] = int32[source / 4 + index] === 0 ? 0 : 1
  },
}
