import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intersectMasks, keepTensor, lowerMask, type Mask, noMask } from '../index.ts'

const device = new Device(createReferenceBackend())
const sizes = { device, heads: 2, queryStart: 1, queryLength: 3, keyLength: 4 }

type Keeps = (head: number, query: number, key: number) => boolean

/** Reads a mask for every head, query and key; the tensor may lack leading axes and heads. */
function keptBy(mask: Mask): boolean[] {
  const keep = keepTensor(mask, sizes)
  const { heads, queryLength, keyLength } = sizes
  const values = keep?.readSync() ?? [1]
  const shape = [1, 1, 1, 1, ...(keep?.shape ?? [])].slice(-4)
  return allOf(
    (head, query, key) => {
      const at = [0, head, query, key].map((index, axis) => (shape[axis] === 1 ? 0 : index))
      return values[(at[1]! * shape[2]! + at[2]!) * shape[3]! + at[3]!] === 1
    },
    [heads, queryLength, keyLength],
  )
}

function allOf(keeps: Keeps, [heads, queries, keys]: readonly number[]): boolean[] {
  const all: boolean[] = []
  for (let head = 0; head < heads!; head++) {
    for (let query = 0; query < queries!; query++) {
      for (let key = 0; key < keys!; key++) all.push(keeps(head, query, key))
    }
  }
  return all
}

const extents = [sizes.heads, sizes.queryLength, sizes.keyLength]

test('no mask keeps all, and makes no tensor', () => {
  expect(keepTensor(noMask, sizes)).toBeUndefined()
  expect(intersectMasks([noMask, noMask])).toBe(noMask)
})

test('a function is asked for positions, not rows', () => {
  const asked = new Set<number>()
  const mask: Mask = {
    kind: 'function',
    keep(head, query, key) {
      asked.add(query)
      return head === 1 || key <= query
    },
  }
  expect(keptBy(mask)).toEqual(allOf((head, query, key) => head === 1 || key <= query + 1, extents))
  expect([...asked]).toEqual([1, 2, 3])
})

test('tensors are listed once, and named by index', () => {
  const first = device.tensor([[true, false, true, true]])
  const second = device.tensor([[[true], [false], [true]]])
  const leaf = (keep: Tensor): Mask => ({ kind: 'tensor', keep })
  const lowered = lowerMask(
    { kind: 'and', of: [leaf(first), { kind: 'or', of: [{ kind: 'causal' }, leaf(second), leaf(first)] }] },
    sizes,
  )
  expect(lowered.tensors).toEqual([first, second])
  expect(lowered.mask).toEqual({
    kind: 'and',
    of: [
      { kind: 'tensor', input: 0 },
      {
        kind: 'or',
        of: [{ kind: 'causal' }, { kind: 'tensor', input: 1 }, { kind: 'tensor', input: 0 }],
      },
    ],
  })
})

test('any tree of masks keeps what its leaves say', () => {
  const leaves: readonly { readonly mask: Mask; readonly keeps: Keeps }[] = [
    { mask: noMask, keeps: () => true },
    { mask: { kind: 'causal' }, keeps: (_, query, key) => key <= query + 1 },
    {
      mask: { kind: 'window', left: 1, right: 0, sinks: 1 },
      keeps: (_, query, key) => key < 1 || (key >= query && key <= query + 1),
    },
    {
      mask: { kind: 'function', keep: (head, query, key) => (head + query + key) % 3 > 0 },
      keeps: (head, query, key) => (head + query + 1 + key) % 3 > 0,
    },
    {
      mask: { kind: 'tensor', keep: device.tensor([[[[true, true, false, true]]]]) },
      keeps: (_head, _query, key) => key !== 2,
    },
  ]
  const leaf = fc.constantFrom(...leaves)
  const { tree } = fc.letrec<{ tree: { mask: Mask; keeps: Keeps } }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc
        .tuple(
          fc.constantFrom('and' as const, 'or' as const),
          fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        )
        .map(([kind, of]) => ({
          mask: { kind, of: of.map(({ mask }) => mask) },
          keeps: (...at: Parameters<Keeps>) =>
            kind === 'and' ? of.every(({ keeps }) => keeps(...at)) : of.some(({ keeps }) => keeps(...at)),
        })),
    ),
  }))
  fc.assert(
    fc.property(tree, ({ mask, keeps }) => {
      device.scoped(() => expect(keptBy(mask)).toEqual(allOf(keeps, extents)))
    }),
    { numRuns: 60 },
  )
})
