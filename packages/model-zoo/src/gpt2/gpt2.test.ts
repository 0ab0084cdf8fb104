import {
  createReferenceBackend,
  Device,
  mul,
  RandomStream,
  slice,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { fromHuggingFaceGpt2, Gpt2, type Gpt2Config, type WeightArray } from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-11, relative: 1e-9 }
const config: Gpt2Config = {
  vocabularySize: 13,
  maximumLength: 80,
  width: 8,
  heads: 2,
  layers: 2,
  epsilon: 1e-5,
  dropout: 0,
  attentionDropout: 0,
  endId: 0,
}

function create(): Gpt2 {
  return new Gpt2({ device, random: new RandomStream(3) }, config)
}

function tokens(rows: readonly (readonly number[])[]): Tensor {
  return device.tensor(Int32Array.from(rows.flat()), { shape: [rows.length, rows[0]!.length] })
}

test(
  'token by token gives what the whole gives, beyond the first step of the capacity',
  { timeout: 60_000 },
  () => {
    const model = create()
    const text = Array.from({ length: 70 }, (_, index) => (index * index + 3) % 13)
    const rows = [text, text.toReversed()]
    const whole = model.forward(tokens(rows))
    const scorer = model.startDecoding()
    let start = 0
    for (const size of [5, ...new Array<number>(65).fill(1)]) {
      const got = scorer.advance(rows.map((row) => row.slice(start, start + size)))
      start += size
      const wanted = slice(whole, [{}, { start: start - 1, size: 1 }]).readSync()
      expect(mismatch(got.readSync(), [...wanted], exact)).toBeNull()
    }
    scorer.dispose()
  },
)

test('selected rows go on with their own history, and nothing is left behind', () => {
  const model = create()
  const before = device.memory().liveBuffers
  device.scoped(() => {
    const scorer = model.startDecoding()
    scorer.advance([
      [1, 5],
      [1, 6],
    ])
    scorer.select([1, 1, 0])
    const got = scorer.advance([[2], [3], [4]])
    const whole = model.forward(
      tokens([
        [1, 6, 2],
        [1, 6, 3],
        [1, 5, 4],
      ]),
    )
    expect(mismatch(got.readSync(), [...slice(whole, [{}, { start: -1 }]).readSync()], exact)).toBeNull()
    scorer.dispose()
  })
  expect(device.memory().liveBuffers).toBe(before)
})

test('no position sees a later one', () => {
  const model = create()
  const before = [...model.forward(tokens([[1, 5, 4]])).readSync()]
  const after = [...model.forward(tokens([[1, 5, 9]])).readSync()]
  expect(mismatch(after.slice(0, 26), before.slice(0, 26), exact)).toBeNull()
})

test('the embedding is trained by its use as output too', () => {
  const model = create()
  const { value } = model.embedding.table
  const { gradients } = valueAndGrad(() => {
    const logits = model.forward(tokens([[1, 5]]))
    return sum(mul(logits, logits))
  }, [value])
  const rows = gradients[0]!.readSync()
  // Token 12 is not in the text: only the output sees its row.
  expect(rows.slice(12 * 8).some((number) => number !== 0)).toBe(true)
})

test('names of Hugging Face are found, with prefixes and masks of old checkpoints', () => {
  const array = (shape: readonly number[]): WeightArray => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from(
      { length: shape.reduce((product, axis) => product * axis, 1) },
      (_, index) => index,
    ),
  })
  const renamed = fromHuggingFaceGpt2([
    ['transformer.h.1.attn.c_attn.weight', array([2, 6])],
    ['transformer.h.1.attn.c_attn.bias', array([6])],
    ['transformer.h.1.attn.bias', array([1, 1, 4, 4])],
    ['h.0.attn.masked_bias', array([])],
    ['lm_head.weight', array([3, 2])],
    ['wpe.weight', array([4, 2])],
    ['h.0.mlp.c_fc.weight', array([2, 3])],
    ['surprise', array([1])],
  ])
  expect([...renamed.keys()]).toEqual([
    'layers.1.selfAttention.query.weight',
    'layers.1.selfAttention.key.weight',
    'layers.1.selfAttention.value.weight',
    'layers.1.selfAttention.query.bias',
    'layers.1.selfAttention.key.bias',
    'layers.1.selfAttention.value.bias',
    'positions.parts.learned.table',
    'layers.0.feedForward.up.weight',
    'surprise',
  ])
  // [in, out] becomes [out, in], and then rows are query, key and value.
  const key = renamed.get('layers.1.selfAttention.key.weight')!
  expect([key.shape, [...key.data]]).toEqual([
    [2, 2],
    [2, 8, 3, 9],
  ])
  expect([...renamed.get('layers.1.selfAttention.value.bias')!.data]).toEqual([4, 5])
})
