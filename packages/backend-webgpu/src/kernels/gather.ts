import { sizeOf } from '@qkv/tensor'
import { forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../kernel.ts'
import { aroundAxis } from '../wgsl/around-axis.ts'
import { checkIndices } from './check-indices.ts'

const gatherProgram: Program = {
  key: 'gather',
  parameters: [
    ['size', 'u32'],
    ['length', 'u32'],
    ['inner', 'u32'],
    ['count', 'u32'],
  ],
  bindings: [
    { name: 'target_', type: 'u32', access: 'read_write' },
    { name: 'source', type: 'u32', access: 'read' },
    { name: 'indices', type: 'i32', access: 'read' },
  ],
  body: () =>
    forEachIndex(`  let column = index % parameters.inner;
  let taken = (index / parameters.inner) % parameters.count;
  let block = index / (parameters.inner * parameters.count);
  let place = u32(clamp(indices[taken], 0, i32(parameters.length) - 1));
  target_[index] = source[(block * parameters.length + place) * parameters.inner + column];`),
}

export const gatherKernels: KernelTable = {
  'qkv/gather': {
    run(call, context) {
      const { axis } = call.attrs as { readonly axis: number }
      const [x, indices] = call.inputs
      const { length, inner } = aroundAxis(x!.spec.shape, axis)
      checkIndices('gather', 'indices', indices!, length)
      const target = context.arena.allocate(call.outputs[0]!)
      const size = sizeOf(call.outputs[0]!.shape)
      const values = [size, length, inner, sizeOf(indices!.spec.shape)]
      const buffers = [target, handleOf(call, 0), handleOf(call, 1)]
      dispatch(context, gatherProgram, buffers, values, Math.ceil(size / threads))
      return [target]
    },
  },
}
