import {
  attention,
  type AttentionOptions,
  type Device,
  mul,
  sum,
  type Tensor,
  transpose,
  valueAndGrad,
} from '@qkv/tensor'
import { waves } from './arbitraries.ts'
import type { Sizes } from './attention-arbitraries.ts'

/** Attention over projections as layers make them, with its gradients. */
export function outputsAndGradients(
  device: Device,
  { batch, keyHeads, group, queries, keys, headSize, valueSize }: Sizes,
  options: (device: Device) => AttentionOptions,
): readonly Tensor[] {
  const heads = keyHeads * group
  // Positions before heads, as projections give them.
  const part = (count: number, length: number, size: number, seed: number): Tensor =>
    transpose(waves(device, [batch, length, count, size], seed), { order: [0, 2, 1, 3] })
  const query = part(heads, queries, headSize, 1.7)
  const key = part(keyHeads, keys, headSize, 2.3)
  const value = part(keyHeads, keys, valueSize, 3.1)
  const settings = options(device)
  const { output, logSumExp } = attention(query, key, value, settings)
  const weights = waves(device, output.shape, 0.9)
  const further = [settings.bias, settings.sinks].filter((tensor) => tensor !== undefined)
  const loss = (): Tensor => sum(mul(attention(query, key, value, settings).output, weights))
  const { gradients } = valueAndGrad(loss, [query, key, value, ...further])
  return [output, logSumExp, ...gradients]
}
