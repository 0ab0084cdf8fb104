import type { KernelTable } from '../../kernel.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { rearrangeKernels } from '../rearrange.ts'
import { wasmLinearKernels } from './linear.ts'
import { wasmMatmulKernels } from './matmul.ts'
import { wasmAdamWKernels } from './adam-w.ts'
import { wasmAttentionKernels } from './attention/attention.ts'
import { wasmCopy, wasmCopyKernels } from './copy.ts'
import { wasmCreationKernels, wasmFill } from './create.ts'
import { wasmCrossEntropyKernels } from './cross-entropy.ts'
import { wasmElementwiseKernels, wasmUnaryKernels } from './elementwise.ts'
import { wasmGatherKernels } from './gather.ts'
import { wasmLineKernels } from './lines.ts'
import { wasmNormKernels } from './norms.ts'
import { wasmQuantizedKernels } from './quantized-linear.ts'
import { wasmRandomKernels } from './random.ts'
import { wasmReduceKernels } from './reduce.ts'
import { wasmSearchKernels } from './search.ts'

/** The kernels whose loops are those of assembly/. */
export function wasmKernels(wasm: Wasm): KernelTable {
  return {
    ...rearrangeKernels({ copy: wasmCopy(wasm), fill: wasmFill(wasm) }),
    ...wasmAdamWKernels(wasm),
    ...wasmAttentionKernels(wasm),
    ...wasmCopyKernels(wasm),
    ...wasmCreationKernels(wasm),
    ...wasmCrossEntropyKernels(wasm),
    ...wasmElementwiseKernels(wasm),
    ...wasmGatherKernels(wasm),
    ...wasmLineKernels(wasm),
    ...wasmLinearKernels(wasm),
    ...wasmMatmulKernels(wasm),
    ...wasmNormKernels(wasm),
    ...wasmQuantizedKernels(wasm),
    ...wasmRandomKernels(wasm),
    ...wasmReduceKernels(wasm),
    ...wasmSearchKernels(wasm),
    ...wasmUnaryKernels(wasm),
  }
}
