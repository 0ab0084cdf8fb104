import {
  add,
  attention,
  copy,
  crossEntropy,
  type Device,
  dropout,
  gather,
  gelu,
  geluTanh,
  layerNorm,
  logSoftmax,
  relu,
  rmsNorm,
  scatterAdd,
  silu,
  softmax,
  sum,
  type Tensor,
  topK,
  transpose,
} from '@qkv/tensor'
import type { Workload } from '../workload.ts'
import { gradientWorkloads } from './op-gradients.ts'
import { createOperands } from './op-operands.ts'
import { adamWWorkload } from './op-adam-w.ts'
import { type Suite, timedSuite } from './suite.ts'

/** The operations that a Transformer spends its time in, besides products of matrices, over 65,536 elements each. */
export const ops: Suite = timedSuite(
  'ops',
  'Other operations and their gradients, over 65,536 elements each.',
  (device) => [...forwardWorkloads(device), ...gradientWorkloads(device), adamWWorkload(device)],
)

function forwardWorkloads(device: Device): readonly Workload[] {
  const { rows, other, weight, bias, logits, targets, table, ids, heads } = createOperands(device)
  const workload = (name: string, input: Tensor, run: () => unknown): Workload => ({
    name,
    shape: input.shape.join('x'),
    elements: input.size,
    run,
  })
  const { query, key, value } = heads
  const vocabularySize = table.shape[0]!
  return [
    workload('add', rows, () => add(rows, other)),
    workload('softmax', rows, () => softmax(rows)),
    workload('logSoftmax', rows, () => logSoftmax(rows)),
    workload('layerNorm', rows, () => layerNorm(rows, { weight, bias })),
    workload('rmsNorm', rows, () => rmsNorm(rows, { weight })),
    workload('gelu', rows, () => gelu(rows)),
    workload('geluTanh', rows, () => geluTanh(rows)),
    workload('silu', rows, () => silu(rows)),
    workload('relu', rows, () => relu(rows)),
    workload('dropout', rows, () => dropout(rows, { rate: 0.1, key: [1, 2] })),
    workload('crossEntropy', logits, () => crossEntropy(logits, targets)),
    workload('gather', rows, () => gather(table, ids, { axis: 0 })),
    workload('scatterAdd', rows, () => scatterAdd(rows, ids, { axis: 0, length: vocabularySize })),
    workload('copy of a transpose', rows, () => copy(transpose(rows))),
    workload('sum of rows', rows, () => sum(rows, { axis: -1 })),
    workload('sum of columns', rows, () => sum(rows, { axis: 0 })),
    workload('topK', logits, () => topK(logits, { k: 50 })),
    workload('attention', query, () => attention(query, key, value, { mask: { kind: 'causal' } })),
  ]
}
