import type { StorageDType } from '@qkv/tensor'
import type { ElementType, Scalar } from '../commands/program.ts'

/** What an element is on the GPU: everything but floats is a 32-bit integer, truth is 1. */
export function scalarOf(dtype: StorageDType): Extract<Scalar, 'f32' | 'i32'> {
  return dtype === 'float32' ? 'f32' : 'i32'
}

export function vectorOf(scalar: Scalar): ElementType {
  return scalar === 'f32' ? 'vec4f' : scalar === 'i32' ? 'vec4i' : 'vec4u'
}
