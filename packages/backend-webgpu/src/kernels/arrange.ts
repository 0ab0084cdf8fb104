import { sizeOf, stridesOf } from '@qkv/tensor'
import { handleOf, isDense, type KernelTable } from '../kernel.ts'
import { copyElements } from './copy-elements.ts'
import { fill } from './create.ts'

/** Ops that put whole tensors into parts of others. */
export const arrangeKernels: KernelTable = {
  'qkv/concat': {
    run({ inputs, outputs: [spec], attrs }, context) {
      const { axis } = attrs as { readonly axis: number }
      const target = context.arena.allocate(spec!)
      const strides = stridesOf(spec!.shape)
      let start = 0
      for (const { handle, spec, layout } of inputs) {
        const to = { strides, offset: start * strides[axis]! }
        copyElements(context, spec.shape, target, to, context.arena.own(handle), layout)
        start += spec.shape[axis]!
      }
      return [target]
    },
    readsStrides: true,
  },
  'qkv/pad': {
    run(call, context) {
      const { before } = call.attrs as { readonly before: readonly number[] }
      const [input, spec] = [call.inputs[0]!, call.outputs[0]!]
      const target = context.arena.allocate(spec)
      fill(context, target, sizeOf(spec.shape), call.scalars[0]!, spec.dtype)
      const to = placeAt(spec.shape, before)
      copyElements(context, input.spec.shape, target, to, handleOf(call, 0), input.layout)
      return [target]
    },
    readsStrides: true,
  },
  'qkv/updateSlice': {
    run(call, context) {
      const [x, value] = call.inputs
      const { arena } = context
      const inPlace = x!.donated && isDense(x!) && x!.handle !== value!.handle
      const target = inPlace ? handleOf(call, 0) : arena.allocate(x!.spec)
      target.range = undefined
      const { shape } = x!.spec
      if (!inPlace) {
        copyElements(context, shape, target, placeAt(shape, []), handleOf(call, 0), x!.layout)
      }
      const to = placeAt(shape, call.scalars)
      copyElements(context, value!.spec.shape, target, to, handleOf(call, 1), value!.layout)
      return [target]
    },
    readsStrides: true,
  },
}

/** Where the part of a dense tensor lies that begins at these indices. */
function placeAt(
  shape: readonly number[],
  start: readonly number[],
): { readonly strides: readonly number[]; readonly offset: number } {
  const strides = stridesOf(shape)
  return { strides, offset: strides.reduce((sum, stride, axis) => sum + stride * (start[axis] ?? 0), 0) }
}
