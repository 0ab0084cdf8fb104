import type { GroupAdapter } from '../adapter.ts'
import { opsLinalgNn } from './linalg-nn.ts'
import { opsElementwise } from './ops-elementwise.ts'
import { opsReduceShape } from './ops-reduce-shape.ts'
import { optim } from './optim.ts'
import { tokenizers } from './tokenizers-group.ts'

/** The adapters of all groups; a group that is not here fails case by case. */
export const groupAdapters: readonly GroupAdapter[] = [
  opsElementwise,
  opsReduceShape,
  opsLinalgNn,
  optim,
  tokenizers,
]
