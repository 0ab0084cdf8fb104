import { forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, type KernelContext } from '../kernel.ts'
import type { GpuHandle } from '../memory/arena.ts'

const program: Program = {
  key: 'moveInside',
  parameters: [
    ['size', 'u32'],
    ['length', 'u32'],
  ],
  bindings: [
    { name: 'target_', type: 'i32', access: 'read_write' },
    { name: 'indices', type: 'i32', access: 'read' },
  ],
  body: () => forEachIndex('  target_[index] = clamp(indices[index], 0, i32(parameters.length) - 1);'),
}

/** A copy of `count` indices in which those outside of 0 to `length - 1` are the nearest one inside. */
export function moveInside(
  context: KernelContext,
  indices: GpuHandle,
  count: number,
  length: number,
): GpuHandle {
  const target = context.arena.allocate({ shape: [count] })
  dispatch(context, program, [target, indices], [count, length], Math.ceil(count / threads))
  return target
}
