import { dispatch } from './dispatch.ts'
import { gemm } from './gemm.ts'
import { gptDecode, gptForward, gptStep } from './gpt.ts'
import { lengths } from './lengths.ts'
import { launches } from './launches.ts'
import { memory } from './memory.ts'
import { ops } from './ops.ts'
import { parts } from './parts.ts'
import { products } from './products.ts'
import { seq2seqStep } from './seq2seq.ts'
import type { Suite } from './suite.ts'
import { transfer } from './transfer.ts'

/** Every suite, in the order in which they run. */
export const suites: readonly Suite[] = [
  gemm,
  products,
  ops,
  gptStep,
  gptForward,
  gptDecode,
  seq2seqStep,
  parts,
  lengths,
  dispatch,
  transfer,
  launches,
  memory,
]
