import {
  add,
  attention,
  crossEntropy,
  type Device,
  gather,
  gelu,
  layerNorm,
  randomUniform,
  relu,
  softmax,
  sum,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import type { Workload } from './measure.ts'

/** The operations that a Transformer spends its time in, besides products of matrices. */
export function opWorkloads(device: Device): readonly Workload[] {
  const random = (...shape: number[]): Tensor =>
    device.retain(randomUniform(device, shape, { key: [shape.length, 7] }))
  const hidden = random(32, 32, 128)
  const inner = random(32, 32, 512)
  const scores = random(32, 4, 32, 32)
  const heads = random(32, 4, 32, 32)
  const logits = random(256, 2000)
  const weight = random(128)
  const bias = random(128)
  const table = random(2000, 128)
  const ids = device.retain(
    device.tensor(
      Int32Array.from({ length: 1024 }, (_, index) => (index * 37) % 2000),
      { shape: [32, 32] },
    ),
  )
  const targets = device.retain(
    device.tensor(Int32Array.from({ length: 256 }, (_, index) => (index * 7) % 2000)),
  )
  const workload = (name: string, input: Tensor, run: () => Tensor): Workload => ({
    name,
    shape: input.shape.join('x'),
    run,
  })
  return [
    workload('add', hidden, () => add(hidden, hidden)),
    workload('relu', inner, () => relu(inner)),
    workload('gelu', inner, () => gelu(inner)),
    workload('transpose', hidden, () => add(transpose(hidden), 0)),
    workload('sum', hidden, () => sum(hidden, { axis: -1 })),
    workload('softmax', scores, () => softmax(scores, { axis: -1 })),
    workload('layerNorm', hidden, () => layerNorm(hidden, { weight, bias })),
    workload('gather', table, () => gather(table, ids, { axis: 0 })),
    workload('attention', heads, () => attention(heads, heads, heads, { mask: { kind: 'causal' } }).output),
    workload('crossEntropy', logits, () => crossEntropy(logits, targets)),
  ]
}
