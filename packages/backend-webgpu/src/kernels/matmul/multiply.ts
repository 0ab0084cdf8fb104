import { sizeOf } from '@qkv/tensor'
import { dispatch, type KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import { mergeAxes } from '../../merge-axes.ts'
import { walkValues } from '../../wgsl/strided.ts'
import { fill } from '../create.ts'
import { directPlan } from './direct.ts'
import type { Epilogue } from './epilogue.ts'
import type { Matrix } from './matrix.ts'
import { naivePlan } from './naive.ts'
import type { ProductPlan, ProductShape } from './product-program.ts'
import { reducedPlan } from './reduced.ts'
import { subgroupsPlan } from './subgroups.ts'
import { tiledFloat16Plan, tiledPlan } from './tiled.ts'

/** Products of so few rows or columns leave most of a tile idle. */
const smallestTiled = 32
/** Up to so many rows, of so long an inner axis, workgroups share that axis. */
const mostReducedRows = 4
const smallestReduced = 64

/**
 * Multiplies matrices `[rows, inner]` by `[inner, columns]` for each place of the batch, into `[batch, rows, columns]`: dense, and
 * from the beginning of the target, unless the epilogue says where.
 */
export function multiply(
  context: KernelContext,
  target: GpuHandle,
  batch: readonly number[],
  a: Matrix,
  b: Matrix,
  { rows, inner, columns }: { readonly rows: number; readonly inner: number; readonly columns: number },
  epilogue: Epilogue = {},
): void {
  const merged = mergeAxes(batch, [a.batchStrides, b.batchStrides])
  const [aStrides, bStrides] = merged.strides as [readonly number[], readonly number[]]
  const shape: ProductShape = {
    rows,
    inner,
    columns,
    batches: sizeOf(batch),
    batchRank: merged.shape.length,
    a: { ...a, batchStrides: aStrides },
    b: { ...b, batchStrides: bStrides },
  }
  const size = shape.batches * rows * columns
  if (size === 0) return
  if (inner === 0 && epilogue.accumulate) return
  if (inner === 0 && !epilogue.bias && !epilogue.activation && !epilogue.place) {
    fill(context, target, size, 0, 'float32')
    return
  }
  const { program, size: units, workgroups } = planOf(context, shape, epilogue)
  const place = epilogue.place ?? { offset: 0, stride: rows * columns }
  const values = [
    units,
    rows,
    inner,
    columns,
    epilogue.scale ?? 1,
    a.rowStride,
    a.columnStride,
    b.rowStride,
    b.columnStride,
    place.offset,
    place.stride,
    ...walkValues(merged, [a.offset, b.offset]),
  ]
  const buffers = [target, a.handle, b.handle, ...(epilogue.bias ? [epilogue.bias] : [])]
  dispatch(context, program, buffers, values, workgroups)
}

function planOf(context: KernelContext, shape: ProductShape, epilogue: Epilogue): ProductPlan {
  switch (context.matmul) {
    case 'naive':
      return naivePlan(shape, epilogue)
    case 'direct':
      return directPlan(shape, epilogue)
    case 'tiled':
      return tiled(context, shape, epilogue)
    case 'subgroups':
      return subgroupsPlan(shape, epilogue)
    case 'reduced':
      return reducedPlan(shape, epilogue)
    case 'auto':
      return chosen(context, shape, epilogue)
  }
}

function chosen(context: KernelContext, shape: ProductShape, epilogue: Epilogue): ProductPlan {
  const { rows, inner, columns, b } = shape
  // Barriers are what a software GPU is slowest at.
  if (context.software && context.matmulPrecision === 'float32') return directPlan(shape, epilogue)
  if (rows <= mostReducedRows && b.rowStride === 1 && inner >= smallestReduced)
    return reducedPlan(shape, epilogue)
  if (Math.min(rows, inner, columns) < smallestTiled) return directPlan(shape, epilogue)
  return tiled(context, shape, epilogue)
}

function tiled({ matmulPrecision }: KernelContext, shape: ProductShape, epilogue: Epilogue): ProductPlan {
  return matmulPrecision === 'float16' ? tiledFloat16Plan(shape, epilogue) : tiledPlan(shape, epilogue)
}
