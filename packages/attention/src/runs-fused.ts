import { createNullBackend } from '@qkv/instruments'
import { attentionOp, type Backend, Device, type ObservedCall, RandomStream } from '@qkv/tensor'
import { completeParts } from './complete-parts.ts'
import { compose } from './compose.ts'
import { EmbeddedAttention } from './embedded-attention.ts'
import type { AttentionPart } from './part.ts'

const sizes = { length: 256, width: 32, heads: 2 }

/**
 * Whether a backend that has these kernels runs a part, beside the score of `scaled-dot` where it brings none, as the one fused operation:
 * its masks and biases are ones that the backend's kernel takes.
 *
 * @example
 * runsFused(alibi(), backend.supports) // true
 */
export function runsFused(part: AttentionPart, hasKernel: Backend['supports']): boolean {
  const composition = compose(completeParts(part))
  if (composition.unfusable !== undefined) return false
  const { length, width, heads } = sizes
  const device = new Device(createNullBackend())
  const attention = new EmbeddedAttention(
    { device, random: new RandomStream(1) },
    { width, heads, composition, maximumLength: length },
  )
  const calls: ObservedCall[] = []
  const stop = device.observe({ enter: (call) => void calls.push(call) })
  device.scoped(
    () =>
      void attention.forward(device.tensor(new Float32Array(length * width), { shape: [1, length, width] })),
  )
  stop()
  const fused = calls.filter(({ op }) => op.name === attentionOp.name)
  return fused.every(({ op, attrs, inputs }) =>
    hasKernel(
      op,
      inputs.map(({ spec }) => spec),
      attrs,
    ),
  )
}
