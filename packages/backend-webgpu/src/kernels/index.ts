import type { KernelTable } from '../kernel.ts'
import { argmaxKernels } from './argmax.ts'
import { arrangeKernels } from './arrange.ts'
import { copyKernels } from './copy-elements.ts'
import { createKernels } from './create.ts'
import { cumsumKernels } from './cumsum.ts'
import { dequantizeKernels } from './dequantize.ts'
import { elementwiseKernels } from './elementwise/index.ts'
import { gatherKernels } from './gather.ts'
import { matmulKernels } from './matmul/index.ts'
import { reduceKernels } from './reduce.ts'
import { scatterAddKernels } from './scatter-add.ts'
import { topKKernels } from './top-k.ts'

/** Every op that this backend runs, by name. */
export const kernels: KernelTable = {
  ...argmaxKernels,
  ...arrangeKernels,
  ...copyKernels,
  ...createKernels,
  ...cumsumKernels,
  ...dequantizeKernels,
  ...elementwiseKernels,
  ...gatherKernels,
  ...matmulKernels,
  ...reduceKernels,
  ...scatterAddKernels,
  ...topKKernels,
}
