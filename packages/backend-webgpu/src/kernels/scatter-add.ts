import { sizeOf } from '@qkv/tensor'
import { forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../kernel.ts'
import { scalarOf } from '../wgsl/element-type.ts'
import { checkIndices } from './check-indices.ts'
import { fill } from './create.ts'
import { moveInside } from './move-inside.ts'
import { sortPositions } from './sort/sort-positions.ts'

/**
 * Each element looks its updates up in the sorted indices, and adds them in the order of the updates: the same sum on every
 * run, which additions in memory would not give.
 */
function addProgram(type: 'f32' | 'i32'): Program {
  return {
    key: `scatterAdd/${type}`,
    parameters: [
      ['size', 'u32'],
      ['length', 'u32'],
      ['inner', 'u32'],
      ['count', 'u32'],
    ],
    bindings: [
      { name: 'target_', type, access: 'read_write' },
      { name: 'updates', type, access: 'read' },
      { name: 'indices', type: 'u32', access: 'read' },
      { name: 'positions', type: 'u32', access: 'read' },
    ],
    body: () =>
      forEachIndex(`  let column = index % parameters.inner;
  let place = (index / parameters.inner) % parameters.length;
  let block = index / (parameters.inner * parameters.length);
  var low = 0u;
  var high = parameters.count;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (indices[positions[middle]] < place) { low = middle + 1u; } else { high = middle; }
  }
  var total = ${type}(0);
  for (var rank = low; rank < parameters.count; rank++) {
    let position = positions[rank];
    if (indices[position] != place) { break; }
    total += updates[(block * parameters.count + position) * parameters.inner + column];
  }
  target_[index] = total;`),
  }
}

export const scatterAddKernels: KernelTable = {
  'qkv/scatterAdd': {
    run(call, context) {
      const { axis, length } = call.attrs as { readonly axis: number; readonly length: number }
      const [updates, indices] = call.inputs
      const spec = call.outputs[0]!
      const inside = checkIndices('scatterAdd', 'indices', indices!, length)
      const target = context.arena.allocate(spec)
      const size = sizeOf(spec.shape)
      const count = sizeOf(indices!.spec.shape)
      if (size === 0) return [target]
      if (count === 0) {
        fill(context, target, size, 0, spec.dtype)
        return [target]
      }
      const inner = sizeOf(updates!.spec.shape.slice(axis + indices!.spec.shape.length))
      const given = handleOf(call, 1)
      const places = inside ? given : moveInside(context, given, count, length)
      const { positions } = sortPositions(context, places, 1, count, count)
      const buffers = [target, handleOf(call, 0), places, positions]
      const program = addProgram(scalarOf(spec.dtype))
      dispatch(context, program, buffers, [size, length, inner, count], Math.ceil(size / threads))
      context.arena.release(positions)
      if (places !== given) context.arena.release(places)
      return [target]
    },
  },
}
