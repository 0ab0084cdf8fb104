import { isContiguous, type Layout, type OpInput, sizeOf, stridesOf } from '@qkv/tensor'
import { forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, handleOf, isDense, type KernelContext, type KernelTable } from '../kernel.ts'
import type { GpuHandle } from '../memory/arena.ts'
import { mergeAxes } from '../merge-axes.ts'
import { walkCode, walkParameters, walkValues } from '../wgsl/strided.ts'

/** Bits move as integers: no conversion, and NaNs keep their payload. */
function copyProgram(rank: number): Program {
  return {
    key: `copy/${rank}`,
    parameters: [['size', 'u32'], ...walkParameters(rank, ['to', 'from'])],
    bindings: [
      { name: 'target_', type: 'u32', access: 'read_write' },
      { name: 'source', type: 'u32', access: 'read' },
    ],
    body: () => forEachIndex(`${walkCode(rank, ['to', 'from'])}\n  target_[toAt] = source[fromAt];`),
  }
}

/** Copies elements between two places that do not overlap, given by buffer and layout. */
export function copyElements(
  context: KernelContext,
  shape: readonly number[],
  target: GpuHandle,
  to: Layout,
  source: GpuHandle,
  from: Layout,
): void {
  const size = sizeOf(shape)
  const whole = to.offset === 0 && from.offset === 0
  if (whole && isContiguous(shape, to.strides) && isContiguous(shape, from.strides)) {
    context.queue.copy(source.block, target.block, size * 4)
    return
  }
  const merged = mergeAxes(shape, [to.strides, from.strides])
  const values = [size, ...walkValues(merged, [to.offset, from.offset])]
  dispatch(context, copyProgram(merged.shape.length), [target, source], values, Math.ceil(size / threads))
}

/** A dense copy of an input of any layout. */
export function copyDense(input: OpInput, context: KernelContext): GpuHandle {
  const { shape } = input.spec
  const target = context.arena.allocate(input.spec)
  const dense = { strides: stridesOf(shape), offset: 0 }
  copyElements(context, shape, target, dense, input.handle as GpuHandle, input.layout)
  return target
}

export const copyKernels: KernelTable = {
  'qkv/copy': {
    run(call, context) {
      const copy = copyDense(call.inputs[0]!, context)
      if (isDense(call.inputs[0]!)) copy.range = handleOf(call, 0).range
      return [copy]
    },
    readsStrides: true,
  },
}
