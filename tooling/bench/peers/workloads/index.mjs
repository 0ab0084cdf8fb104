import { gemm } from './gemm.mjs'
import { gpt } from './gpt.mjs'
import { kernels } from './kernels.mjs'
import { translation } from './translation.mjs'

/** @type {readonly import('../source/contract.d.ts').Workload[]} */
export const workloads = [...gemm, ...kernels, ...gpt, ...translation]
