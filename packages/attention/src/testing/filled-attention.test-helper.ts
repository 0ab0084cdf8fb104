import type { Module } from '@qkv/nn'
import { type Device, RandomStream, type Tensor } from '@qkv/tensor'
import { compose } from '../compose.ts'
import { sampleTensor } from '../conformance/sample-values.ts'
import { noMask } from '../masks/mask.ts'
import {
  type AttentionCall,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from '../multi-head-attention.ts'
import type { AttentionPart } from '../part.ts'
import { mapRows, type Rows, rowsOf } from './by-loops.test-helper.ts'

/** An attention whose parameters all have numbers of their own: zeros or ones would hide one that is forgotten. */
export function filledAttention(
  device: Device,
  parts: readonly AttentionPart[],
  sizes: Omit<MultiHeadAttentionOptions, 'composition'>,
): MultiHeadAttention {
  const init = { device, random: new RandomStream(1) }
  const attention = new MultiHeadAttention(init, { ...sizes, composition: compose(parts) })
  for (const [index, parameter] of [...attention.parameters().values()].entries())
    device.scoped(() => parameter.assign(sampleTensor(device, parameter.shape, 3 + index)))
  return attention
}

/** Attention of `x` to itself, without a mask, side inputs and a cache unless given. */
export function selfAttend(
  attention: MultiHeadAttention,
  x: Tensor,
  call: Partial<AttentionCall> = {},
): Tensor {
  return attention.forward(x, x, { mask: noMask, side: {}, cache: 'none', ...call })
}

/** Rows through one of the attention's own maps. */
export function mapByLayer(layer: Module | undefined, rows: Rows): number[][] {
  const parameters = layer!.parameters()
  const [weight, bias] = ['weight', 'bias'].map((name) => parameters.get(name)!.value) as [Tensor, Tensor]
  return mapRows(rows, rowsOf(weight), Array.from(bias.readSync()))
}
