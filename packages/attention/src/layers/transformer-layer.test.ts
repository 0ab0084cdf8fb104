import { createFeedForward, type Initialization } from '@qkv/nn'
import { add, createReferenceBackend, Device, layerNorm, mul, RandomStream, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../conformance/sample-values.ts'
import {
  type AttentionCall,
  compose,
  CompositionError,
  noMask,
  type NormPlacement,
  scaledDot,
  type Sublayer,
  TransformerLayer,
} from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const init: Initialization = { device, random: new RandomStream(1) }
const call: AttentionCall = { mask: noMask, side: {}, cache: 'none' }
const exact = { absolute: 1e-12, relative: 1e-10 }

function createLayer(norm: NormPlacement, { cross }: { readonly cross: boolean }): TransformerLayer {
  const attention = { heads: 2, composition: compose([scaledDot()]) }
  const layer = new TransformerLayer(init, {
    width: 6,
    norm,
    dropout: 0,
    epsilon: 1e-5,
    attention,
    ...(cross && { crossAttention: attention }),
    feedForward: createFeedForward('relu', init, { width: 6, innerWidth: 8, dropout: 0, causal: false }),
  })
  // Norms start as the identity, which would hide one that is left out or stands elsewhere.
  for (const parameter of layer.parameters().values()) {
    parameter.assign(add(parameter.value, mul(sampleTensor(device, parameter.shape, parameter.size), 0.3)))
  }
  return layer
}

test.each<[NormPlacement]>([['pre'], ['post']])('%s-norm stands where its formula says', (norm) => {
  const layer = createLayer(norm, { cross: true })
  const [x, memory] = [sampleTensor(device, [2, 3, 6], 1), sampleTensor(device, [2, 4, 6], 2)]
  const residual = (x: Tensor, { norm: { weight, bias } }: Sublayer, run: (x: Tensor) => Tensor): Tensor => {
    const normalized = (x: Tensor): Tensor =>
      layerNorm(x, { weight: weight.value, bias: bias!.value, epsilon: 1e-5 })
    return norm === 'pre' ? add(x, run(normalized(x))) : normalized(add(x, run(x)))
  }
  const { selfAttention, crossAttention, feedForward } = layer
  let hidden = residual(x, layer.selfAttentionSublayer, (x) => selfAttention.forward(x, x, call))
  hidden = residual(hidden, layer.crossAttentionSublayer!, (x) => crossAttention!.forward(x, memory, call))
  hidden = residual(hidden, layer.feedForwardSublayer, (x) => feedForward.forward(x))
  const output = layer.forward(x, call, { memory, call })
  expect(mismatch(output.readSync(), [...hidden.readSync()], exact)).toBeNull()
})

test('a layer with cross-attention needs a memory', () => {
  const layer = createLayer('pre', { cross: true })
  expect(() => layer.forward(sampleTensor(device, [1, 2, 6], 1), call)).toThrow(CompositionError)
  expect(() => layer.forward(sampleTensor(device, [1, 2, 6], 1), call)).toThrow(
    "TransformerLayer: 'cross' is missing, expected the memory that this layer attends to, and the call for it. " +
      'Pass `{ memory, call }`, or build the layer without `crossAttention`.',
  )
})

test('a layer without cross-attention refuses a memory that it would ignore', () => {
  const layer = createLayer('pre', { cross: false })
  const x = sampleTensor(device, [1, 2, 6], 1)
  expect(layer.forward(x, call).shape).toEqual([1, 2, 6])
  expect(() => layer.forward(x, call, { memory: x, call })).toThrow(
    "TransformerLayer: 'cross' is given, expected none: this layer has no cross-attention. " +
      'Build it with `crossAttention`, or leave the memory out.',
  )
})
