import { sizeOf } from '@qkv/tensor'
import { forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, handleOf, type KernelTable } from '../kernel.ts'

const dequantizeProgram: Program = {
  key: 'dequantize',
  parameters: [
    ['size', 'u32'],
    ['blockSize', 'u32'],
  ],
  bindings: [
    { name: 'target_', type: 'f32', access: 'read_write' },
    { name: 'weight', type: 'i32', access: 'read' },
    { name: 'scale', type: 'f32', access: 'read' },
  ],
  body: () => forEachIndex('  target_[index] = f32(weight[index]) * scale[index / parameters.blockSize];'),
}

export const dequantizeKernels: KernelTable = {
  'qkv/dequantize': {
    run(call, context) {
      const [weight, scale] = call.inputs
      const size = sizeOf(weight!.spec.shape)
      const target = context.arena.allocate(call.outputs[0]!)
      const blockSize = weight!.spec.shape[1]! / scale!.spec.shape[1]!
      const buffers = [target, handleOf(call, 0), handleOf(call, 1)]
      dispatch(context, dequantizeProgram, buffers, [size, blockSize], Math.ceil(size / threads))
      return [target]
    },
  },
}
