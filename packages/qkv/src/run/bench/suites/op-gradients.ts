import {
  attention,
  type AttentionBackwardAttrs,
  attentionBackwardOp,
  crossEntropyBackwardOp,
  type Device,
  geluBackward,
  geluTanhBackward,
  layerNormBackwardOp,
  logSumExp,
  rmsNormBackwardOp,
  siluBackward,
  sum,
  type Tensor,
} from '@qkv/tensor'
import type { Workload } from '../workload.ts'
import { createOperands, type Operands } from './op-operands.ts'

/** Gradients that are operations of their own. */
export function gradientWorkloads(device: Device): readonly Workload[] {
  const operands = createOperands(device)
  const { rows, other, statistic, weight } = operands
  const workload = (name: string, run: () => unknown): Workload => ({
    name,
    shape: rows.shape.join('x'),
    elements: rows.size,
    run,
  })
  return [
    workload('geluBackward', () => geluBackward(rows, other)),
    workload('geluTanhBackward', () => geluTanhBackward(rows, other)),
    workload('siluBackward', () => siluBackward(rows, other)),
    workload('layerNormBackward', () =>
      device.apply(layerNormBackwardOp, [rows, statistic, statistic, other, weight], {}),
    ),
    workload('rmsNormBackward', () => device.apply(rmsNormBackwardOp, [rows, statistic, other, weight], {})),
    crossEntropyGradient(device, operands),
    attentionGradient(device, operands),
  ]
}

function crossEntropyGradient(device: Device, { logits, targets }: Operands): Workload {
  const [normalizer, gradient] = device.scoped(() => [
    device.retain(logSumExp(logits, { axis: -1 })),
    device.retain(sum(logits, { axis: -1 })),
  ]) as [Tensor, Tensor]
  const attrs = { labelSmoothing: 0.1, ignoreIndex: null }
  return {
    name: 'crossEntropyBackward',
    shape: logits.shape.join('x'),
    elements: logits.size,
    run: () => device.apply(crossEntropyBackwardOp, [logits, targets, normalizer, gradient], attrs),
  }
}

function attentionGradient(device: Device, { heads: { query, key, value } }: Operands): Workload {
  const attrs: AttentionBackwardAttrs = {
    scale: 1 / Math.sqrt(query.shape[3]!),
    softcap: null,
    mask: { kind: 'causal' },
    masks: 0,
    hasBias: false,
    hasSinks: false,
    hasKeyLengths: false,
    dropoutRate: 0,
    needsBias: false,
  }
  const [normalizer, delta] = device.scoped(() => [
    device.retain(attention(query, key, value, { mask: attrs.mask }).logSumExp),
    device.retain(sum(query, { axis: -1 })),
  ]) as [Tensor, Tensor]
  const inputs = [query, key, value, normalizer, value, delta]
  return {
    name: 'attentionBackward',
    shape: query.shape.join('x'),
    elements: query.size,
    // The first query's position, and a key for the dropout that there is none of.
    run: () => device.apply(attentionBackwardOp, inputs, attrs, [0, 0, 0]),
  }
}
