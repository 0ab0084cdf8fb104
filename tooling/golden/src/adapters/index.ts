import type { GroupAdapter } from '../adapter.ts'
import { attention } from './attention.ts'
import { decoding } from './decoding.ts'
import { opsLinalgNn } from './linalg-nn.ts'
import { metrics } from './metrics-group.ts'
import { models } from './models.ts'
import { modules } from './modules.ts'
import { opsElementwise } from './ops-elementwise.ts'
import { opsReduceShape } from './ops-reduce-shape.ts'
import { optim } from './optim.ts'
import { tokenizers } from './tokenizers-group.ts'
import { trajectory } from './trajectory.ts'

/** The adapters of all groups; a group that is not here fails case by case. */
export const groupAdapters: readonly GroupAdapter[] = [
  opsElementwise,
  opsReduceShape,
  opsLinalgNn,
  attention,
  modules,
  models,
  optim,
  trajectory,
  decoding,
  metrics,
  tokenizers,
]
