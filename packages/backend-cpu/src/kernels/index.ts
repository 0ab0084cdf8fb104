import type { KernelTable } from '../kernel.ts'
import { binaryKernels } from './binary.ts'
import { copyKernels } from './copy.ts'
import { layerNormKernels } from './layer-norm.ts'
import { matmulKernels } from './matmul.ts'
import { reduceKernels } from './reduce.ts'
import { rmsNormKernels } from './rms-norm.ts'
import { softmaxKernels } from './softmax.ts'
import { tabulatedKernels } from './tabulated.ts'
import { unaryKernels } from './unary.ts'

/** The kernel of each op that has one. */
export const kernels: KernelTable = {
  ...binaryKernels,
  ...copyKernels,
  ...layerNormKernels,
  ...matmulKernels,
  ...reduceKernels,
  ...rmsNormKernels,
  ...softmaxKernels,
  ...tabulatedKernels,
  ...unaryKernels,
}
