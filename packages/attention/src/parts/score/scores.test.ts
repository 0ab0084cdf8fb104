import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import {
  additive,
  type AttentionPart,
  attendProjections,
  compose,
  luong,
  noMask,
  scaledDot,
} from '../../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const [batch, heads, keyHeads, queries, keys, size] = [2, 4, 2, 3, 5, 3]

const query = sampleTensor(device, [batch, heads, queries, size], 1)
const key = sampleTensor(device, [batch, keyHeads, keys, size], 2)
const vector = sampleTensor(device, [heads, size], 3)
const weight = sampleTensor(device, [heads, size, size], 4)

/** A score from one query, one key and the head's own numbers. */
type Score = (query: readonly number[], key: readonly number[], head: number) => number

const vectors = vector.readSync()
const weights = weight.readSync()

const scores: readonly [AttentionPart, Readonly<Record<string, Readonly<Record<string, Tensor>>>>, Score][] =
  [
    [scaledDot(), {}, (query, key) => dot(query, key) / Math.sqrt(3)],
    [
      additive(),
      { additive: { vector } },
      (query, key, head) =>
        query.reduce(
          (total, x, column) => total + vectors[head * 3 + column]! * Math.tanh(x + key[column]!),
          0,
        ),
    ],
    [
      luong(),
      { luong: { weight } },
      (query, key, head) => {
        let total = 0
        for (let row = 0; row < 3; row++) {
          for (let column = 0; column < 3; column++) {
            total += query[row]! * weights[(head * 3 + row) * 3 + column]! * key[column]!
          }
        }
        return total
      },
    ],
  ]

test.each(scores.map(([part, ...rest]) => [part.name, part, ...rest] as const))(
  '%s scores as its formula says, with two query heads to each key head',
  (_name, part, parameters, score) => {
    let got: ArrayLike<number> = []
    attendProjections(
      compose([part]),
      { query, key, value: key },
      {
        mask: noMask,
        parameters,
        tap(site, tensor) {
          if (site === 'scores') got = tensor.readSync()
          return tensor
        },
      },
    )
    const [queryValues, keyValues] = [query.readSync(), key.readSync()]
    const row = (values: typeof queryValues, at: number): number[] =>
      Array.from(values.subarray(at * size, (at + 1) * size))
    const wanted: number[] = []
    for (let entry = 0; entry < batch; entry++) {
      for (let head = 0; head < heads; head++) {
        const keyHead = entry * keyHeads + Math.floor((head * keyHeads) / heads)
        for (let from = 0; from < queries; from++) {
          for (let to = 0; to < keys; to++) {
            const asking = row(queryValues, (entry * heads + head) * queries + from)
            wanted.push(score(asking, row(keyValues, keyHead * keys + to), head))
          }
        }
      }
    }
    expect(mismatch(Array.from(got), wanted, { absolute: 1e-12, relative: 1e-10 })).toBeNull()
  },
)
