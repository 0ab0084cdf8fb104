import type { KernelTable } from '../kernel.ts'
import { adamWKernels } from './adam-w.ts'
import { argmaxKernels } from './argmax.ts'
import { arrangeKernels } from './arrange.ts'
import { attentionKernels } from './attention/index.ts'
import { copyKernels } from './copy-elements.ts'
import { createKernels } from './create.ts'
import { crossEntropyKernels } from './cross-entropy.ts'
import { cumsumKernels } from './cumsum.ts'
import { dequantizeKernels } from './dequantize.ts'
import { elementwiseKernels } from './elementwise/index.ts'
import { gatherKernels } from './gather.ts'
import { linearKernels } from './linear.ts'
import { matmulKernels } from './matmul/index.ts'
import { normBackwardKernels } from './normalization/backward.ts'
import { normKernels } from './normalization/forward.ts'
import { reduceKernels } from './reduce.ts'
import { scatterAddKernels } from './scatter-add.ts'
import { softmaxKernels } from './softmax.ts'
import { topKKernels } from './top-k.ts'

/** Every op that this backend runs, by name. */
export const kernels: KernelTable = {
  ...adamWKernels,
  ...argmaxKernels,
  ...arrangeKernels,
  ...attentionKernels,
  ...copyKernels,
  ...createKernels,
  ...crossEntropyKernels,
  ...cumsumKernels,
  ...dequantizeKernels,
  ...elementwiseKernels,
  ...gatherKernels,
  ...linearKernels,
  ...matmulKernels,
  ...normBackwardKernels,
  ...normKernels,
  ...reduceKernels,
  ...scatterAddKernels,
  ...softmaxKernels,
  ...topKKernels,
}
