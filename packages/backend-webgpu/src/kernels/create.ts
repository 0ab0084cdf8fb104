import { sizeOf, type StorageDType } from '@qkv/tensor'
import { forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, type KernelContext, type KernelTable } from '../kernel.ts'
import type { GpuHandle } from '../memory/arena.ts'

const fillProgram: Program = {
  key: 'fill',
  parameters: [
    ['size', 'u32'],
    ['bits', 'u32'],
  ],
  bindings: [{ name: 'target_', type: 'u32', access: 'read_write' }],
  body: () => forEachIndex('  target_[index] = parameters.bits;'),
}

/** The element that a number becomes, as bits. */
function bitsOf(value: number, dtype: StorageDType): number {
  const words = new Uint32Array(1)
  if (dtype === 'float32') new Float32Array(words.buffer)[0] = value
  else new Int32Array(words.buffer)[0] = value
  return words[0]!
}

/** Writes one number everywhere. */
export function fill(
  context: KernelContext,
  target: GpuHandle,
  size: number,
  value: number,
  dtype: StorageDType,
): void {
  dispatch(context, fillProgram, [target], [size, bitsOf(value, dtype)], Math.ceil(size / threads))
}

function iotaProgram(type: 'f32' | 'i32'): Program {
  return {
    key: `iota/${type}`,
    parameters: [
      ['size', 'u32'],
      ['length', 'u32'],
      ['inner', 'u32'],
      ['start', type],
      ['step', type],
    ],
    bindings: [{ name: 'target_', type, access: 'read_write' }],
    body: () =>
      forEachIndex(`  let place = (index / parameters.inner) % parameters.length;
  target_[index] = parameters.start + ${type}(place) * parameters.step;`),
  }
}

const randomProgram: Program = {
  key: 'randomUniform',
  parameters: [
    ['size', 'u32'],
    ['keyLow', 'u32'],
    ['keyHigh', 'u32'],
  ],
  bindings: [{ name: 'target_', type: 'f32', access: 'read_write' }],
  body: () =>
    forEachIndex(
      '  target_[index] = f32(randomWord(index, parameters.keyLow, parameters.keyHigh)) * 5.9604644775390625e-8;',
    ),
}

export const createKernels: KernelTable = {
  'qkv/full': {
    run({ outputs: [spec], scalars: [value] }, context) {
      const target = context.arena.allocate(spec!)
      fill(context, target, sizeOf(spec!.shape), value!, spec!.dtype)
      return [target]
    },
  },
  'qkv/iota': {
    run({ outputs: [spec], attrs, scalars: [start, step] }, context) {
      const { axis } = attrs as { readonly axis: number }
      const { shape, dtype } = spec!
      const target = context.arena.allocate(spec!)
      const size = sizeOf(shape)
      const values = [size, shape[axis]!, sizeOf(shape.slice(axis + 1)), start!, step!]
      const program = iotaProgram(dtype === 'float32' ? 'f32' : 'i32')
      dispatch(context, program, [target], values, Math.ceil(size / threads))
      return [target]
    },
  },
  'qkv/randomUniform': {
    run({ outputs: [spec], scalars: [low, high] }, context) {
      const target = context.arena.allocate(spec!)
      const size = sizeOf(spec!.shape)
      dispatch(context, randomProgram, [target], [size, low!, high!], Math.ceil(size / threads))
      return [target]
    },
  },
}
