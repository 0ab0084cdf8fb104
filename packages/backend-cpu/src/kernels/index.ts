import type { KernelTable } from '../kernel.ts'
import { binaryKernels } from './binary.ts'
import { copyKernels } from './copy.ts'
import { matmulKernels } from './matmul.ts'

/** The kernel of each op that has one. */
export const kernels: KernelTable = { ...binaryKernels, ...copyKernels, ...matmulKernels }
