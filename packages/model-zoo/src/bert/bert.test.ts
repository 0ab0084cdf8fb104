import { createReferenceBackend, Device, RandomStream, slice, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { Bert, bertBase, type BertConfig, BertForPretraining } from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-11, relative: 1e-9 }
const config: BertConfig = {
  ...bertBase(),
  vocabularySize: 13,
  maximumLength: 8,
  width: 8,
  heads: 2,
  layers: 2,
  innerWidth: 16,
}

function create(): BertForPretraining {
  return new BertForPretraining({ device, random: new RandomStream(2) }, config)
}

function ids(...rows: readonly (readonly number[])[]): Tensor {
  return device.tensor(Int32Array.from(rows.flat()), { shape: [rows.length, rows[0]!.length] })
}

test('filling up changes nothing, and a real token anywhere changes every position', () => {
  const { bert } = create()
  const hidden = (tokens: Tensor, segments: Tensor, padding: Tensor | 'none'): number[] =>
    Array.from(slice(bert.forward({ tokens, segments, padding }), [{}, { size: 3 }]).readSync())
  const plain = hidden(ids([1, 5, 6]), ids([0, 0, 1]), 'none')
  const padding = device.tensor([[true, true, true, false, false]])
  const filled = hidden(ids([1, 5, 6, 9, 9]), ids([0, 0, 1, 0, 0]), padding)
  expect(mismatch(filled, plain, exact)).toBeNull()
  const changed = hidden(ids([1, 5, 7]), ids([0, 0, 1]), 'none')
  expect(mismatch(changed.slice(0, 8), plain.slice(0, 8), exact)).not.toBeNull()
  const segmented = hidden(ids([1, 5, 6]), ids([0, 1, 1]), 'none')
  expect(mismatch(segmented, plain, exact)).not.toBeNull()
})

test('the heads have their shapes, share the embedding, and leave nothing behind', () => {
  const model = create()
  const paths = [...model.parameters().keys()]
  expect(paths).toContain('bert.embedding.table')
  expect(paths).not.toContain('output.weight')
  const [tokens, segments] = [ids([1, 2, 3], [4, 5, 6]), ids([0, 0, 0], [0, 0, 1])]
  const before = device.memory().liveBuffers
  const predictions = model.forward({ tokens, segments, padding: 'none' })
  expect(Object.fromEntries(Object.entries(predictions).map(([name, { shape }]) => [name, shape]))).toEqual({
    hidden: [2, 3, 8],
    pooled: [2, 8],
    tokenLogits: [2, 3, 13],
    nextSentenceLogits: [2, 2],
  })
  for (const tensor of Object.values(predictions) as Tensor[]) tensor.dispose()
  expect(device.memory().liveBuffers).toBe(before)
})

test('a sequence beyond the table of positions is refused', () => {
  const bert = new Bert({ device, random: new RandomStream(2) }, config)
  const zeros = ids([0, 0, 0, 0, 0, 0, 0, 0, 0])
  expect(() => bert.forward({ tokens: zeros, segments: zeros, padding: 'none' })).toThrow(
    'reaches position 8',
  )
})
