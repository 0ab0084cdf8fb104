import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleTensor, sampleValues } from '../../conformance/sample-values.ts'
import { attendByLoops, mixRows, rowsOf } from '../../testing/by-loops.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { filledAttention, mapByLayer, selfAttend } from '../../testing/filled-attention.test-helper.ts'
import type { MultiHeadAttention } from '../../index.ts'
import { alibi, causal, compose, createCache, linformer, padding, type Projected } from '../../index.ts'

const [batch, heads, keyHeads, queries, keys, size, rank] = [2, 4, 2, 3, 5, 2, 3]
const inputs = (device: Device): Projected => ({
  query: sampleTensor(device, [batch, heads, queries, size], 1),
  key: sampleTensor(device, [batch, keyHeads, keys, size], 2),
  value: sampleTensor(device, [batch, keyHeads, keys, size], 3),
})
const mixtures = (device: Device) => ({
  linformer: {
    keyMixture: device.tensor(sampleValues(rank * keys, 4), { shape: [rank, keys] }),
    valueMixture: device.tensor(sampleValues(rank * keys, 5), { shape: [rank, keys] }),
  },
})
const kept = [
  [true, true, true, true, true],
  [true, false, true, true, false],
]

/** `softmax(q (E K)ᵀ / √d) (F V)`, where filled-up rows of K and V are zeros. */
function byLoops(keeps: (entry: number, key: number) => boolean): number[] {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const { query, key, value } = inputs(device)
  const { keyMixture, valueMixture } = mixtures(device).linformer
  const mixed = (mixture: Tensor, rows: Tensor, entry: number, head: number): number[][] => {
    const real = rowsOf(rows, entry, Math.floor(head / 2)).map((row, position) =>
      keeps(entry, position) ? row : row.map(() => 0),
    )
    return rowsOf(mixture).map((weights) => mixRows(weights, real))
  }
  return [0, 1].flatMap((entry) =>
    [0, 1, 2, 3].flatMap((head) =>
      attendByLoops(
        rowsOf(query, entry, head),
        mixed(keyMixture, key, entry, head),
        mixed(valueMixture, value, entry, head),
      ).flat(),
    ),
  )
}

testIdea(() => linformer({ rank }), {
  test,
  ideas: [
    {
      title: 'keys and values are mixed along the length first',
      inputs,
      call: (device) => ({ parameters: mixtures(device) }),
      expected: () => byLoops(() => true),
    },
    {
      title: 'filled-up keys and values count as zeros',
      inputs,
      call: (device) => ({
        parameters: mixtures(device),
        beside: [padding()],
        side: { padding: device.tensor(kept) },
      }),
      expected: () => byLoops((entry, key) => kept[entry]![key]!),
    },
    {
      // One row is all that is left: its weight is 1, whatever the scores are, so that the output is 2 * 5 + 3 * 7.
      title: 'a rank of one gives its one row',
      inputs: (device) => ({
        query: device.tensor([[[[9]]]]),
        key: device.tensor([[[[1], [-4]]]]),
        value: device.tensor([[[[5], [7]]]]),
      }),
      call: (device) => ({
        parameters: {
          linformer: { keyMixture: device.tensor([[1, 1]]), valueMixture: device.tensor([[2, 3]]) },
        },
      }),
      expected: [31],
    },
  ],
})

const device = new Device(createReferenceBackend({ precision: 'float64' }))

const create = (maximumLength: number): MultiHeadAttention =>
  filledAttention(device, [linformer({ rank })], { width: 2, heads: 1, maximumLength })

test('shorter inputs use the first columns of the matrices', () => {
  const attention = create(7)
  const x = sampleTensor(device, [1, 4, 2], 1)
  const { keyMixture, valueMixture } = attention.parts['linformer']!
  const rows = (name: 'query' | 'key' | 'value' | 'output', from: number[][]): number[][] =>
    mapByLayer(attention[name], from)
  const mixed = (mixture: Tensor, from: number[][]): number[][] =>
    rowsOf(mixture).map((weights) => mixRows(weights.slice(0, 4), from))
  const inputRows = rowsOf(x, 0)
  const wanted = rows(
    'output',
    attendByLoops(
      rows('query', inputRows),
      mixed(keyMixture!.value, rows('key', inputRows)),
      mixed(valueMixture!.value, rows('value', inputRows)),
    ),
  ).flat()
  const got = selfAttend(attention, x).readSync()
  for (const [index, number] of wanted.entries()) expect(got[index]).toBeCloseTo(number, 10)
})

test('the matrices have no more rows than the longest input', () => {
  const sizes = { width: 2, heads: 1, keyHeads: 1, headSize: 2, maximumLength: 100 }
  expect(linformer().parameters!['keyMixture']!.shape(sizes)).toEqual([100, 100])
  expect(linformer().parameters!['keyMixture']!.shape({ ...sizes, maximumLength: 512 })).toEqual([256, 512])
})

test('bad options, inputs that are too long, and what it cannot obey', () => {
  expect(() => linformer({ rank: 0 })).toThrow(
    "linformer: 'rank' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  const x = sampleTensor(device, [1, 4, 2], 1)
  expect(() => selfAttend(create(3), x)).toThrow(
    "linformer: 'key' reaches position 3, expected positions below the model's maximum length 3. " +
      'Shorten the sequence, or build the model with a larger `maximumLength`.',
  )
  expect(() => compose([linformer(), causal()])).toThrow('each of its keys is a sum over all positions')
  expect(() => compose([linformer(), alibi()])).toThrow("'linformer' has no score matrix")
  expect(() => createCache(compose([linformer()]))).toThrow("'linformer' needs every position at once")
})
