import type { Binding, ElementType, Program } from '../../commands/program.ts'
import { walkCode, walkParameters } from '../../wgsl/strided.ts'
import type { Epilogue } from './epilogue.ts'
import type { Matrix } from './matrix.ts'

/** The lengths of a product, and how its operands lie. */
export interface ProductShape {
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly batches: number
  readonly batchRank: number
  readonly a: Matrix
  readonly b: Matrix
}

/** A program, how many workgroups run it, and below which number an invocation or a workgroup has work. */
export interface ProductPlan {
  readonly program: Program
  readonly size: number
  readonly workgroups: number
}

/** A program with the parameters and buffers that all variants share. */
export function productProgram(
  key: string,
  { batchRank }: ProductShape,
  { bias, activation, accumulate }: Epilogue,
  [targetType, aType, bType]: readonly [ElementType, ElementType, ElementType],
  body: () => string,
): Program {
  return {
    key: `matmul/${key}/${batchRank}/${bias ? 'bias' : 'plain'}/${activation ?? 'none'}/${accumulate ? 'add' : 'write'}`,
    parameters: [
      ['size', 'u32'],
      ['rows', 'u32'],
      ['inner', 'u32'],
      ['columns', 'u32'],
      ['scale', 'f32'],
      ['aRow', 'i32'],
      ['aColumn', 'i32'],
      ['bRow', 'i32'],
      ['bColumn', 'i32'],
      ['targetOffset', 'u32'],
      ['targetStride', 'u32'],
      ...walkParameters(batchRank, ['a', 'b']),
    ],
    bindings: [
      { name: 'target_', type: targetType, access: 'read_write' },
      { name: 'a', type: aType, access: 'read' },
      { name: 'b', type: bType, access: 'read' },
      ...(bias ? [{ name: 'bias', type: 'f32', access: 'read' } satisfies Binding] : []),
    ],
    body,
  }
}

/** Declares `aAt` and `bAt`, where the matrices of the product number `product` begin. */
export function batchCode(batchRank: number): string {
  return walkCode(batchRank, ['a', 'b'], 'product')
}
