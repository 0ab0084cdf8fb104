import { expect, test } from 'vitest'
import { fromTorchTransformer, type WeightArray } from '../index.ts'

function array(...shape: readonly number[]): WeightArray {
  const length = shape.reduce((product, axis) => product * axis, 1)
  return { dtype: 'float32', shape, data: Float32Array.from({ length }, (_, index) => index) }
}

test('a layer with cross-attention has its norm between the two others', () => {
  const renamed = fromTorchTransformer([
    ['encoder.layers.0.norm1.weight', array(2)],
    ['encoder.layers.0.norm2.bias', array(2)],
    ['decoder.layers.0.multihead_attn.out_proj.weight', array(2, 2)],
    ['decoder.layers.0.norm1.weight', array(2)],
    ['decoder.layers.0.norm2.weight', array(2)],
    ['decoder.layers.0.norm3.weight', array(2)],
    ['decoder.layers.0.linear1.bias', array(2)],
    ['decoder.norm.weight', array(2)],
  ])
  expect([...renamed.keys()]).toEqual([
    'encoder.layers.0.selfAttentionSublayer.norm.weight',
    'encoder.layers.0.feedForwardSublayer.norm.bias',
    'decoder.layers.0.crossAttention.output.weight',
    'decoder.layers.0.selfAttentionSublayer.norm.weight',
    'decoder.layers.0.crossAttentionSublayer.norm.weight',
    'decoder.layers.0.feedForwardSublayer.norm.weight',
    'decoder.layers.0.feedForward.up.bias',
    'decoder.norm.weight',
  ])
})

test('packed projections are cut in three, separate ones renamed, and what else is known of them stays', () => {
  const packed = { ...array(6, 2), file: 'a' }
  const renamed = fromTorchTransformer([
    ['self_attn.in_proj_weight', packed],
    ['in_proj_bias', { ...array(3), file: 'b' }],
    ['k_proj_weight', { ...array(2, 5), file: 'c' }],
  ])
  expect([...renamed.keys()]).toEqual([
    'selfAttention.query.weight',
    'selfAttention.key.weight',
    'selfAttention.value.weight',
    'query.bias',
    'key.bias',
    'value.bias',
    'key.weight',
  ])
  const value = renamed.get('selfAttention.value.weight')!
  expect([value.shape, [...value.data], value.file]).toEqual([[2, 2], [8, 9, 10, 11], 'a'])
  expect([...renamed.get('key.bias')!.data]).toEqual([1])
})
