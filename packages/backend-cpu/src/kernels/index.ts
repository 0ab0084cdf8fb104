import type { KernelTable } from '../kernel.ts'
import { adamWKernels } from './adam-w.ts'
import { attentionKernels } from './attention/attention.ts'
import { binaryKernels } from './binary.ts'
import { castKernels } from './cast.ts'
import { compareKernels } from './compare.ts'
import { copyKernels } from './copy.ts'
import { createKernels } from './create.ts'
import { crossEntropyKernels } from './cross-entropy.ts'
import { cumsumKernels } from './cumsum.ts'
import { gatherKernels } from './gather.ts'
import { layerNormKernels } from './layer-norm.ts'
import { matmulKernels } from './matmul.ts'
import { randomKernels } from './random.ts'
import { rearrangeKernels } from './rearrange.ts'
import { reduceKernels } from './reduce.ts'
import { rmsNormKernels } from './rms-norm.ts'
import { searchKernels } from './search.ts'
import { softmaxKernels } from './softmax.ts'
import { tabulatedKernels } from './tabulated.ts'
import { unaryKernels } from './unary.ts'
import { whereKernels } from './where.ts'

/** The kernel of each op that has one. */
export const kernels: KernelTable = {
  ...adamWKernels,
  ...attentionKernels,
  ...binaryKernels,
  ...castKernels,
  ...compareKernels,
  ...copyKernels,
  ...createKernels,
  ...crossEntropyKernels,
  ...cumsumKernels,
  ...gatherKernels,
  ...layerNormKernels,
  ...matmulKernels,
  ...randomKernels,
  ...rearrangeKernels,
  ...reduceKernels,
  ...rmsNormKernels,
  ...searchKernels,
  ...softmaxKernels,
  ...tabulatedKernels,
  ...unaryKernels,
  ...whereKernels,
}
