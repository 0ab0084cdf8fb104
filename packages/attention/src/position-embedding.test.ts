import { add, createReferenceBackend, Device, RandomStream, randomUniform, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import {
  type AttentionPart,
  compose,
  MultiHeadAttention,
  noMask,
  padding,
  PositionEmbedding,
  scaledDot,
} from './index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const sizes = { width: 2, heads: 1, keyHeads: 1, headSize: 2, maximumLength: 4 }
const x = device.tensor([1, 2, 3, 4], { shape: [1, 2, 2] })
const offsets = device.tensor([10, 20, 30, 40], { shape: [1, 2, 2] })

const shifted: AttentionPart = {
  name: 'shifted',
  source: 'the test',
  sideInputs: ['offsets'],
  embed(context, embeddings) {
    const given = context.sideInput('offsets')
    return given ? add(embeddings, given) : embeddings
  },
}

const init = (): ConstructorParameters<typeof PositionEmbedding>[0] => ({
  device,
  random: new RandomStream(1),
})

function embed(side?: Readonly<Record<string, Tensor | 'none'>>): readonly number[] {
  const positions = new PositionEmbedding(init(), compose([scaledDot(), shifted, padding()]), sizes)
  return [...positions.forward(x, 0, side).readSync()]
}

test('an embed stage reads the side inputs of the call', () => {
  expect(embed({ offsets })).toEqual([11, 22, 33, 44])
  expect(embed({ offsets: 'none' })).toEqual([1, 2, 3, 4])
  expect(embed({ offsets, padding: 'none' })).toEqual([11, 22, 33, 44])
})

test('side inputs that are missing, or that no part reads, are errors', () => {
  expect(() => embed()).toThrow(
    "shifted: 'side.offsets' is missing, expected a tensor, or 'none' to say that there is none. " +
      'Pass `side: { offsets: ... }` in the call.',
  )
  expect(() => embed({ offsets, other: offsets })).toThrow("'side.other' is not read by any part")
})

test('the attention asks for those of its own stages alone, and may be given all', () => {
  const attention = new MultiHeadAttention(init(), {
    width: 2,
    heads: 1,
    composition: compose([scaledDot(), shifted]),
  })
  const call = { mask: noMask, cache: 'none' } as const
  const output = attention.forward(x, x, { ...call, side: {} }).readSync()
  expect([...attention.forward(x, x, { ...call, side: { offsets } }).readSync()]).toEqual([...output])
})

test('an embed stage draws keys while training', () => {
  const noisy: AttentionPart = {
    name: 'noisy',
    source: 'the test',
    embed: (context, embeddings) =>
      context.training
        ? add(embeddings, randomUniform(context.device, embeddings.shape, { key: context.nextKey() }))
        : embeddings,
  }
  const positions = new PositionEmbedding(init(), compose([scaledDot(), noisy]), sizes)
  expect([...positions.forward(x, 0).readSync()]).toEqual([1, 2, 3, 4])
  positions.train(new RandomStream(3))
  const [first, second] = [positions.forward(x, 0).readSync(), positions.forward(x, 0).readSync()]
  expect([...first]).not.toEqual([...second])
  expect([...first]).not.toEqual([1, 2, 3, 4])
})
