import { type AttentionPart, compose } from '@qkv/attention'
import { completeParts, EmbeddedAttention, sampleSideOf } from '@qkv/attention/conformance'
import { moduleValueAndGrad } from '@qkv/nn'
import { type Device, RandomStream, sum, type Tensor } from '@qkv/tensor'
import type { Workload } from '../workload.ts'

const width = 64
const heads = 4

/** Which way of a part is run. */
export type PartPass = 'forward' | 'forward and gradients'

/** Self-attention with a part, and others beside it, over one sequence. */
export function partWorkload(
  device: Device,
  part: AttentionPart,
  length: number,
  pass: PartPass,
  beside: readonly AttentionPart[] = [],
): Workload {
  const composition = compose([...completeParts(part), ...beside])
  const attention = new EmbeddedAttention(
    { device, random: new RandomStream(1) },
    { width, heads, composition, maximumLength: length },
  )
  const values = Float32Array.from({ length: length * width }, (_, index) => Math.sin(index + 1))
  const x = device.retain(device.tensor(values, { shape: [1, length, width] }))
  const side = Object.fromEntries(
    Object.entries(sampleSideOf(composition, device, { batch: 1, length })).map(([name, tensor]) => [
      name,
      tensor === 'none' ? tensor : device.retain(tensor),
    ]),
  )
  const forward = (): Tensor => attention.forward(x, { side })
  return {
    name: pass === 'forward' ? part.name : `${part.name}, gradients`,
    shape: `${length} positions`,
    tokens: length,
    run: pass === 'forward' ? forward : () => moduleValueAndGrad(attention, () => sum(forward())),
  }
}
