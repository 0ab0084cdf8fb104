import type { KernelTable } from '../kernel.ts'
import { runReference } from '../run-reference.ts'
import type { Wasm } from '../wasm/wasm.ts'
import { adamWKernels } from './adam-w.ts'
import { attentionKernels } from './attention/attention.ts'
import { binaryKernels } from './binary.ts'
import { castKernels } from './cast.ts'
import { compareKernels } from './compare.ts'
import { copyElements, copyKernels } from './copy.ts'
import { creationKernels, fillElements } from './create.ts'
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
import { wasmKernels } from './wasm/index.ts'
import { whereKernels } from './where.ts'

/** The kernels in TypeScript: of all primitives, and of what is worth fusing. */
export const scalarKernels: KernelTable = {
  ...adamWKernels,
  ...attentionKernels,
  ...binaryKernels,
  ...castKernels,
  ...compareKernels,
  ...copyKernels,
  ...creationKernels,
  ...crossEntropyKernels,
  ...cumsumKernels,
  ...gatherKernels,
  ...layerNormKernels,
  ...matmulKernels,
  ...randomKernels,
  ...rearrangeKernels({ copy: copyElements, fill: fillElements }),
  ...reduceKernels,
  ...rmsNormKernels,
  ...searchKernels,
  ...softmaxKernels,
  ...tabulatedKernels,
  ...unaryKernels,
  ...whereKernels,
  'qkv/dequantize': { run: runReference },
  'qkv/pow': { run: runReference },
}

/** The kernel of each op that has one, and the names of those that run in TypeScript for lack of one in WebAssembly. */
export function createKernels(wasm?: Wasm): {
  readonly kernels: KernelTable
  readonly missing: readonly string[]
} {
  const compiled = wasm ? wasmKernels(wasm) : {}
  return {
    kernels: { ...scalarKernels, ...compiled },
    missing: Object.keys(scalarKernels)
      .filter((name) => !Object.hasOwn(compiled, name))
      .toSorted(),
  }
}
