import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot, mixRows, type Rows, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testAttention } from '../../conformance/test-attention.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import {
  causal,
  compose,
  createCache,
  MultiHeadAttention,
  nativeSparse,
  noMask,
  padding,
} from '../../index.ts'

const [heads, keyHeads, size, length] = [4, 2, 2, 21]
const width = heads * size
const options = { compressionBlock: 4, stride: 2, selectionBlock: 4, selected: 4, window: 3 }
const sample = sampleProjections({ heads, keyHeads, queries: length, size })
const kept = [0, 1].map((batch) =>
  Array.from({ length }, (_, key) => (batch === 0 ? key !== 3 && key < 19 : key > 7)),
)

const branchWeight = sampleValues(heads * 3 * width, 4)
const branchBias = sampleValues(heads * 3, 5)
/** By name: the values of `[keyHeads, rows, size]`. */
const networks = {
  keyPosition: sampleValues(keyHeads * 4 * size, 6),
  keyHidden: sampleValues(keyHeads * 4 * size * size, 7),
  keyOutput: sampleValues(keyHeads * size * size, 8),
  valuePosition: sampleValues(keyHeads * 4 * size, 9),
  valueHidden: sampleValues(keyHeads * 4 * size * size, 10),
  valueOutput: sampleValues(keyHeads * size * size, 11),
}

function parametersOf(device: Device): Record<string, Record<string, Tensor>> {
  const shaped = Object.entries(networks).map(([name, values]) => {
    const rows = values.length / keyHeads / size
    return [name, device.tensor(values, { shape: [keyHeads, rows, size] })] as const
  })
  return {
    'native-sparse': {
      ...Object.fromEntries(shaped),
      branchWeight: device.tensor(branchWeight, { shape: [heads * 3, width] }),
      branchBias: device.tensor(branchBias),
    },
  }
}

type Keeps = (batch: number, query: number, key: number) => boolean

/** Section 3.3.1: a network over the rows of a block, with their places added; filled-up rows are zero. */
function compressed(name: 'key' | 'value', rows: Rows, keyHead: number, real: (at: number) => boolean): Rows {
  const matrix = (values: readonly number[]): number[][] => {
    const own = values.slice((keyHead * values.length) / keyHeads, ((keyHead + 1) * values.length) / keyHeads)
    return Array.from({ length: own.length / size }, (_, row) => own.slice(row * size, (row + 1) * size))
  }
  const positions = matrix(networks[`${name}Position`])
  const [hidden, last] = [matrix(networks[`${name}Hidden`]), matrix(networks[`${name}Output`])]
  const blocks: number[][] = []
  for (let start = 0; start + 4 <= length; start += 2) {
    const flat = positions.flatMap((place, index) =>
      place.map((x, column) => x + (real(start + index) ? rows[start + index]![column]! : 0)),
    )
    const units = mixRows(flat, hidden).map((x) => x / (1 + Math.exp(-x)))
    blocks.push(mixRows(units, last))
  }
  return blocks
}

const attend = (q: readonly number[], keys: Rows, values: Rows, kept: readonly number[]): number[] => {
  if (kept.length === 0) return q.map(() => 0)
  const weights = softmaxOf(kept.map((at) => dot(q, keys[at]!) / Math.sqrt(size)))
  return mixRows(
    weights,
    kept.map((at) => values[at]!),
  )
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** All branches by loops, query by query; the keys of a block are those that its query keeps. */
function byBranches(sees: Keeps, real: (batch: number, key: number) => boolean, causal: boolean): number[] {
  const importances = new Map<string, number[]>()
  const compute = (
    visit: (
      query: readonly number[],
      i: number,
      key: Rows,
      value: Rows,
      at: { batch: number; head: number },
    ) => number[],
  ): number[] => sample.perHead((query, key, value, at) => query.map((q, i) => visit(q, i, key, value, at)))

  const blocksOf = (key: Rows, value: Rows, { batch, head }: { batch: number; head: number }) => {
    const keyHead = Math.floor((head * keyHeads) / heads)
    const isReal = (at: number): boolean => real(batch, at)
    return [compressed('key', key, keyHead, isReal), compressed('value', value, keyHead, isReal)] as const
  }
  const keptBlocks = (count: number, i: number, batch: number): number[] =>
    range(count).filter(
      (block) => (!causal || block * 2 + 3 <= i) && range(4).some((index) => real(batch, block * 2 + index)),
    )

  // First what each group of heads looks at: equations 8 to 10, in overlaps of blocks of two positions.
  compute((q, i, key, value, at) => {
    const [keys] = blocksOf(key, value, at)
    const blocks = keptBlocks(keys.length, i, at.batch)
    const weights = softmaxOf(blocks.map((block) => dot(q, keys[block]!) / Math.sqrt(size)))
    const name = `${at.batch} ${Math.floor(at.head / 2)} ${i}`
    const importance = importances.get(name) ?? new Array<number>(6).fill(0)
    for (const [index, block] of blocks.entries()) {
      for (const half of [block, block + 1]) importance[Math.floor(half / 2)]! += weights[index]!
    }
    importances.set(name, importance)
    return []
  })

  return compute((q, i, key, value, at) => {
    const { batch, head } = at
    const [keys, values] = blocksOf(key, value, at)
    const own = Math.floor(i / 4)
    const importance = importances.get(`${batch} ${Math.floor(head / 2)} ${i}`)!
    const forced = [own, own - 1, 0]
    const others = range(6)
      .filter((block) => !forced.includes(block) && (!causal || block <= own))
      .toSorted((a, b) => importance[b]! - importance[a]!)
    const selected = [...new Set(forced), ...others].filter((block) => block >= 0).slice(0, 4)
    const seen = range(length).filter((at) => sees(batch, i, at))
    const branches = [
      attend(q, keys, values, keptBlocks(keys.length, i, batch)),
      attend(
        q,
        key,
        value,
        seen.filter((at) => selected.includes(Math.floor(at / 4))),
      ),
      attend(
        q,
        key,
        value,
        seen.filter((at) => Math.abs(i - at) < 3),
      ),
    ]
    const input = sample.queryInput(batch)[i]!
    const gates = range(3).map((branch) => {
      const row = head * 3 + branch
      const logit = dot(branchWeight.slice(row * width, (row + 1) * width), input) + branchBias[row]!
      return 1 / (1 + Math.exp(-logit))
    })
    return mixRows(gates, branches)
  })
}

testIdea(() => nativeSparse(options), {
  test,
  ideas: [
    {
      title: 'three branches with gates, over earlier keys',
      call: (device) => ({ beside: [causal()], parameters: parametersOf(device) }),
      inputs: (device) => sample.inputs(device),
      expected: () =>
        byBranches(
          (_, i, j) => j <= i,
          () => true,
          true,
        ),
    },
    {
      title: 'over all keys',
      call: (device) => ({ parameters: parametersOf(device) }),
      inputs: (device) => sample.inputs(device),
      expected: () =>
        byBranches(
          () => true,
          () => true,
          false,
        ),
    },
    {
      title: 'over earlier real keys',
      call: (device) => ({
        beside: [causal(), padding()],
        parameters: parametersOf(device),
        side: { padding: device.tensor(kept) },
      }),
      inputs: (device) => sample.inputs(device),
      expected: () =>
        byBranches(
          (batch, i, j) => j <= i && kept[batch]![j]!,
          (batch, key) => kept[batch]![key]!,
          true,
        ),
    },
  ],
})

// Small enough that all branches have blocks in a text of five positions.
testAttention(
  () => nativeSparse({ compressionBlock: 2, stride: 1, selectionBlock: 2, selected: 2, window: 2 }),
  { test },
)
testAttention(
  () => nativeSparse({ compressionBlock: 2, stride: 2, selectionBlock: 2, selected: 1, window: 1 }),
  { test },
)

test('whatever the sizes, no query sees a later position, and a cache changes nothing', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const sizes = fc.record({
    length: fc.integer({ min: 2, max: 19 }),
    stride: fc.integer({ min: 1, max: 2 }),
    compressed: fc.integer({ min: 1, max: 3 }),
    selection: fc.integer({ min: 1, max: 3 }),
    selected: fc.integer({ min: 1, max: 4 }),
    window: fc.integer({ min: 1, max: 4 }),
    changed: fc.nat(),
  })
  fc.assert(
    fc.property(sizes, ({ length, stride, compressed, selection, selected, window, changed }) => {
      const part = nativeSparse({
        stride,
        compressionBlock: compressed * stride,
        selectionBlock: selection * stride,
        selected,
        window,
      })
      const composition = compose([part, causal()])
      const attention = new MultiHeadAttention(
        { device, random: new RandomStream(1) },
        { width, heads, keyHeads, composition, maximumLength: 19 },
      )
      const values = sampleValues(length * width, 1)
      const position = 1 + (changed % (length - 1))
      const later = values.map((x, index) => (index < position * width ? x : 3 - 5 * x))
      const run = (values: readonly number[]): ArrayLike<number> =>
        device.scoped(() => {
          const x = device.tensor(values, { shape: [1, length, width] })
          return attention.forward(x, x, { mask: noMask, side: {}, cache: 'none' }).readSync()
        })
      const full = Array.from(run(values))
      const tolerance = { absolute: 1e-12, relative: 1e-10 }
      const before = full.slice(0, position * width)
      expect(mismatch(Array.from(run(later)).slice(0, position * width), before, tolerance)).toBeNull()

      const cache = createCache(composition)
      const steps = [position, ...Array.from({ length: length - position }, () => 1)]
      let start = 0
      const cached = steps.flatMap((size) =>
        device.scoped(() => {
          const own = values.slice(start * width, (start + size) * width)
          start += size
          const x = device.tensor(own, { shape: [1, size, width] })
          return Array.from(attention.forward(x, x, { mask: noMask, side: {}, cache }).readSync())
        }),
      )
      cache.dispose()
      expect(mismatch(cached, full, tolerance)).toBeNull()
    }),
    { numRuns: 25 },
  )
})

test('bad options', () => {
  expect(() => nativeSparse({ window: 0 })).toThrow(
    "native-sparse: 'window' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  expect(() => nativeSparse({ stride: 5 })).toThrow(
    "native-sparse: 'compressionBlock' is 32, expected a multiple of 5. Choose a stride that divides both kinds of blocks.",
  )
  expect(() => nativeSparse({ selected: 2.5 })).toThrow(
    "native-sparse: 'selected' is 2.5, expected a whole number of at least 1.",
  )
})
