import { expect, test } from 'vitest'
import { type MaskPlace, type MaskVectors, testAttention, testMask } from '../../conformance/index.ts'
import { causal, moba, padding } from '../../index.ts'

testAttention(() => moba({ blockSize: 2, blocks: 2 }), { test })

/** Whether the block of the key is that of the query, or among the best `blocks` by q·mean(k); `seen` says which keys count. */
function chosen(
  { entry, head, query, key }: MaskPlace,
  vectors: MaskVectors,
  { size, blocks, keys }: { readonly size: number; readonly blocks: number; readonly keys: number },
  seen: (key: number) => boolean,
): boolean {
  const asking = vectors.query(entry, head, query)
  const own = Math.floor(query / size)
  const gates = Array.from({ length: Math.ceil(keys / size) }, (_, block) => {
    if (block === own) return Infinity
    const members = Array.from({ length: size }, (_, index) => block * size + index).filter(
      (member) => member < keys && seen(member),
    )
    if (members.length === 0) return -Infinity
    const mean = asking.map(
      (_, column) =>
        members.reduce((total, member) => total + vectors.key(entry, head, member)[column]!, 0) /
        members.length,
    )
    return mean.reduce((total, x, column) => total + x * asking[column]!, 0)
  })
  const gate = gates[Math.floor(key / size)]!
  return seen(key) && gates.filter((other) => other > gate).length < blocks
}

testMask(() => moba({ blockSize: 3, blocks: 2 }), {
  test,
  cases: [
    {
      title: 'keeps the own block and the one whose mean key fits best',
      queries: 11,
      keys: 11,
      keeps: (place, vectors) => chosen(place, vectors, { size: 3, blocks: 2, keys: 11 }, () => true),
    },
    {
      title: 'with causal and cached keys, of the blocks before',
      queries: 5,
      keys: 13,
      queryStart: 8,
      call: () => ({ beside: [causal()] }),
      keeps: (place, vectors) =>
        chosen(place, vectors, { size: 3, blocks: 2, keys: 13 }, (key) => key <= place.query),
    },
    {
      title: 'means are over real keys',
      queries: 9,
      keys: 9,
      call: (device) => ({
        beside: [padding()],
        side: {
          padding: device.tensor([0, 1].map(() => Array.from({ length: 9 }, (_, key) => key % 4 !== 1))),
        },
      }),
      keeps: (place, vectors) =>
        chosen(place, vectors, { size: 3, blocks: 2, keys: 9 }, (key) => key % 4 !== 1),
    },
  ],
})

testMask(() => moba({ blockSize: 2, blocks: 1 }), {
  test,
  cases: [
    {
      title: 'with one block, it is the own one',
      queries: 7,
      keys: 7,
      keeps: ({ query, key }) => Math.floor(query / 2) === Math.floor(key / 2),
    },
  ],
})

test.each([
  [
    { blockSize: 0 },
    "moba: 'blockSize' is 0, expected a whole number of at least 1. Give the size in positions, such as 64.",
  ],
  [
    { blocks: 0 },
    "moba: 'blocks' is 0, expected a whole number of at least 1. A query always sees its own block: that is 1.",
  ],
])('%j is refused', (options, sentence) => {
  expect(() => moba(options)).toThrow(sentence)
})
