import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import {
  alibi,
  type AttentionPart,
  attendProjections,
  causal,
  compose,
  CompositionError,
  linear,
  noMask,
  padding,
} from '../../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const [batch, heads, keyHeads, queries, keys, size, valueSize] = [2, 4, 2, 3, 5, 3, 2]

const query = sampleTensor(device, [batch, heads, queries, size], 1)
const key = sampleTensor(device, [batch, keyHeads, keys, size], 2)
const value = sampleTensor(device, [batch, keyHeads, keys, valueSize], 3)
const kept = [
  [true, true, true, true, true],
  [false, true, true, false, true],
]

/** Weights are products of features over their sum: the quadratic form, which the part never makes. */
function byWeights(keeps: (entry: number, query: number, key: number) => boolean, epsilon: number): number[] {
  const feature = (x: number): number => (x > 0 ? x + 1 : Math.exp(x))
  const [q, k, v] = [query.readSync(), key.readSync(), value.readSync()]
  const output: number[] = []
  for (let row = 0; row < batch * heads * queries; row++) {
    const entry = Math.floor(row / (heads * queries))
    const head = Math.floor(row / queries) % heads
    const keyRow = (entry * keyHeads + Math.floor((head * keyHeads) / heads)) * keys
    const weights = Array.from({ length: keys }, (_, at) => {
      if (!keeps(entry, row % queries, at)) return 0
      let product = 0
      for (let column = 0; column < size; column++) {
        product += feature(q[row * size + column]!) * feature(k[(keyRow + at) * size + column]!)
      }
      return product
    })
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    for (let column = 0; column < valueSize; column++) {
      let mixed = 0
      for (const [at, weight] of weights.entries()) mixed += weight * v[(keyRow + at) * valueSize + column]!
      output.push(total === 0 ? 0 : mixed / (total + epsilon))
    }
  }
  return output
}

test.each<[string, readonly AttentionPart[], number, (entry: number, query: number, key: number) => boolean]>(
  [
    ['every key', [], 0, () => true],
    ['earlier keys', [causal()], 1, (_, query, key) => key <= query + 1],
    ['earlier keys, where later queries have no key of their own', [causal()], 9, () => true],
    ['real keys', [padding()], 0, (entry, _, key) => kept[entry]![key]!],
    [
      'earlier real keys',
      [causal(), padding()],
      0,
      (entry, query, key) => key <= query && kept[entry]![key]!,
    ],
  ],
)('attends to %s as the quadratic form does', (_, masks, queryStart, keeps) => {
  const side = masks.some(({ name }) => name === 'padding') ? { padding: device.tensor(kept) } : {}
  const output = attendProjections(
    compose([linear({ epsilon: 0.1 }), ...masks]),
    { query, key, value },
    { mask: noMask, side, queryStart },
  )
  const wanted = byWeights(keeps, 0.1)
  expect(mismatch(output.readSync(), wanted, { absolute: 1e-12, relative: 1e-10 })).toBeNull()
})

test('it has no scores for a bias or for a mask of the call', () => {
  expect(() => compose([linear(), alibi()])).toThrow(CompositionError)
  const masked = (): Tensor =>
    attendProjections(compose([linear()]), { query, key, value }, { mask: { kind: 'causal' } })
  expect(masked).toThrow(
    "linear: 'mask' is given in the call, expected noMask: 'linear' has no score matrix to mask. " +
      'It obeys the parts causal and padding: add one of them.',
  )
})

test('bad options', () => {
  expect(() => linear({ epsilon: -1 })).toThrow(
    "linear: 'epsilon' is -1, expected a number of at least 0. Leave it out for the default.",
  )
})
