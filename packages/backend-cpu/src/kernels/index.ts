import type { KernelTable } from '../kernel.ts'
import { type MatrixProduct, scalarProduct } from '../linear-algebra/multiply.ts'
import { wasmProduct } from '../linear-algebra/wasm-product.ts'
import type { Wasm } from '../wasm/wasm.ts'
import { adamWKernels, wasmAdamWKernels } from './adam-w.ts'
import { attentionKernels } from './attention/attention.ts'
import { scalarRowLoops } from './attention/score-row.ts'
import { wasmRowLoops } from './attention/wasm-rows.ts'
import { binaryKernels, wasmBinaryKernels } from './binary.ts'
import { castKernels } from './cast.ts'
import { compareKernels, wasmCompareKernels } from './compare.ts'
import { copyKernels } from './copy.ts'
import { creationKernels } from './create.ts'
import { crossEntropyKernels, wasmCrossEntropyKernels } from './cross-entropy.ts'
import { cumsumKernels } from './cumsum.ts'
import { gatherKernels } from './gather.ts'
import { layerNormKernels } from './layer-norm.ts'
import { matmulKernels } from './matmul.ts'
import { randomKernels, scalarRandomLoops, wasmRandomLoops } from './random.ts'
import { rearrangeKernels } from './rearrange.ts'
import { reduceKernels, wasmReduceKernels } from './reduce.ts'
import { rmsNormKernels } from './rms-norm.ts'
import { searchKernels } from './search.ts'
import { softmaxKernels, wasmSoftmaxKernels } from './softmax.ts'
import { tabulatedKernels } from './tabulated.ts'
import { unaryKernels } from './unary.ts'
import { wasmActivationKernels } from './wasm-activations.ts'
import { wasmLinearKernels } from './wasm-linear.ts'
import { wasmMatmulKernels } from './wasm-matmul.ts'
import { wasmNormKernels } from './wasm-norms.ts'
import { wasmWhereKernels, whereKernels } from './where.ts'

/** The kernel of each op that has one: in TypeScript, and in WebAssembly where there is one. */
export function createKernels(wasm?: Wasm): KernelTable {
  const product: MatrixProduct = wasm ? wasmProduct(wasm.exports) : scalarProduct
  const random = wasm ? wasmRandomLoops(wasm.exports) : scalarRandomLoops
  const rows = wasm ? wasmRowLoops(wasm.exports) : scalarRowLoops
  return {
    ...adamWKernels,
    ...attentionKernels({ product, random, rows }),
    ...binaryKernels,
    ...castKernels,
    ...compareKernels,
    ...copyKernels,
    ...creationKernels,
    ...crossEntropyKernels,
    ...cumsumKernels,
    ...gatherKernels,
    ...layerNormKernels,
    ...matmulKernels(product),
    ...randomKernels(random),
    ...rearrangeKernels,
    ...reduceKernels,
    ...rmsNormKernels,
    ...searchKernels,
    ...softmaxKernels,
    ...tabulatedKernels,
    ...unaryKernels,
    ...whereKernels,
    ...(wasm && {
      ...wasmActivationKernels(wasm),
      ...wasmAdamWKernels(wasm),
      ...wasmBinaryKernels(wasm),
      ...wasmCompareKernels(wasm),
      ...wasmCrossEntropyKernels(wasm),
      ...wasmLinearKernels(wasm),
      ...wasmMatmulKernels(wasm),
      ...wasmNormKernels(wasm),
      ...wasmReduceKernels(wasm),
      ...wasmSoftmaxKernels(wasm),
      ...wasmWhereKernels(wasm),
    }),
  }
}
