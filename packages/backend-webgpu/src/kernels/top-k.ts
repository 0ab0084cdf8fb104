import { forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../kernel.ts'
import { aroundAxis } from '../wgsl/around-axis.ts'
import { scalarOf } from '../wgsl/element-type.ts'
import { sortPositions } from './sort/sort-positions.ts'

/** Keys whose ascending order is the descending one of the numbers, with the elements of each line as neighbours. */
function keysProgram(type: 'f32' | 'i32'): Program {
  return {
    key: `topK/keys/${type}`,
    parameters: [
      ['size', 'u32'],
      ['length', 'u32'],
      ['inner', 'u32'],
    ],
    bindings: [
      { name: 'keys', type: 'u32', access: 'read_write' },
      { name: 'source', type, access: 'read' },
    ],
    body: () =>
      forEachIndex(`  let line = index / parameters.length;
  let start = (line / parameters.inner) * parameters.length * parameters.inner + line % parameters.inner;
  let value = source[start + (index % parameters.length) * parameters.inner];
  keys[index] = ~${type === 'f32' ? 'floatOrder' : 'integerOrder'}(value);`),
  }
}

/** Puts the elements at the sorted positions, and the positions themselves, along the axis. */
const takeProgram: Program = {
  key: 'topK/take',
  parameters: [
    ['size', 'u32'],
    ['length', 'u32'],
    ['inner', 'u32'],
    ['kept', 'u32'],
    ['stride', 'u32'],
  ],
  bindings: [
    { name: 'values', type: 'u32', access: 'read_write' },
    { name: 'indices', type: 'u32', access: 'read_write' },
    { name: 'source', type: 'u32', access: 'read' },
    { name: 'positions', type: 'u32', access: 'read' },
  ],
  body: () =>
    forEachIndex(`  let column = index % parameters.inner;
  let rank = (index / parameters.inner) % parameters.kept;
  let block = index / (parameters.inner * parameters.kept);
  let line = block * parameters.inner + column;
  let position = positions[line * parameters.stride + rank];
  values[index] = source[(block * parameters.length + position) * parameters.inner + column];
  indices[index] = position;`),
}

export const topKKernels: KernelTable = {
  'qkv/topK': {
    run(call, context) {
      const { axis, k } = call.attrs as { readonly axis: number; readonly k: number }
      const { shape, dtype } = call.inputs[0]!.spec
      const source = handleOf(call, 0)
      const { arena } = context
      const [values, indices] = call.outputs.map((spec) => arena.allocate(spec))
      const { outer, length, inner } = aroundAxis(shape, axis)
      const lines = outer * inner
      if (lines * k === 0) return [values!, indices!]
      const keys = arena.allocate({ shape: [lines, length] })
      const program = keysProgram(scalarOf(dtype))
      dispatch(
        context,
        program,
        [keys, source],
        [lines * length, length, inner],
        Math.ceil((lines * length) / threads),
      )
      const { positions, stride } = sortPositions(context, keys, lines, length, k)
      const size = lines * k
      const buffers = [values!, indices!, source, positions]
      dispatch(context, takeProgram, buffers, [size, length, inner, k, stride], Math.ceil(size / threads))
      arena.release(keys)
      arena.release(positions)
      return [values!, indices!]
    },
  },
}
