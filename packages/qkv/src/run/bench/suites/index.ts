import { gemm } from './gemm.ts'
import { gptDecode, gptForward, gptStep } from './gpt.ts'
import { memory } from './memory.ts'
import { ops } from './ops.ts'
import { seq2seqStep } from './seq2seq.ts'
import type { Suite } from './suite.ts'

/** Every suite, in the order in which they run. */
export const suites: readonly Suite[] = [gemm, ops, gptStep, gptForward, gptDecode, seq2seqStep, memory]
