import { createReferenceBackend, Device, slice, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import {
  attendByLoops,
  joinByLoops,
  mapRows,
  type Rows,
  rowsOf,
  turnRows,
} from '../../testing/by-loops.test-helper.ts'
import { filledAttention, mapByLayer, selfAttend } from '../../testing/filled-attention.test-helper.ts'
import type { MultiHeadAttention } from '../../index.ts'
import {
  type AttentionPart,
  causal,
  compose,
  createCache,
  groupedQuery,
  type KeyCache,
  rope,
  scaledDot,
  tensorProduct,
  type TensorProductOptions,
} from '../../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-12, relative: 1e-10 }
const [width, heads, headSize, length] = [5, 3, 4, 4]
const options = { queryRank: 3, keyRank: 2, valueRank: 1, base: 100 } as const
const x = device.retain(sampleTensor(device, [1, length, width], 1))

const create = (parts: readonly AttentionPart[], size: number = headSize): MultiHeadAttention =>
  filledAttention(device, [scaledDot(), ...parts, causal()], {
    width,
    heads,
    headSize: size,
    maximumLength: 6,
  })

function byLoops(attention: MultiHeadAttention, base: number | 'none'): number[] {
  const parameters = attention.parts['tensor-product']!
  const made = (name: 'query' | 'key' | 'value', head: number): number[][] => {
    const rank = options[`${name}Rank`]
    const map = (kind: string): Rows => mapRows(rowsOf(x, 0), rowsOf(parameters[`${name}${kind}`]!.value))
    const [overHeads, overColumns] = [map('Heads'), map('Columns')]
    const rows = overHeads.map((factors, position) =>
      Array.from({ length: headSize }, (_, column) => {
        let total = 0
        for (let term = 0; term < rank; term++) {
          total += factors[term * heads + head]! * overColumns[position]![term * headSize + column]!
        }
        return total / rank
      }),
    )
    // Turned as a whole, after the sum: the paper turns the factors, which is the same.
    return name === 'value' || base === 'none' ? rows : turnRows(rows, base)
  }
  const mixed = [0, 1, 2].map((head) =>
    attendByLoops(made('query', head), made('key', head), made('value', head), true),
  )
  return mapByLayer(attention.output, joinByLoops(mixed)).flat()
}

test.each([100, 'none'] as const)('agrees with plain loops, with a base of %s', (base) => {
  const attention = create([tensorProduct({ ...options, base })])
  expect(attention.key).toBeUndefined()
  expect(mismatch(selfAttend(attention, x).readSync(), byLoops(attention, base), exact)).toBeNull()
})

test('the loops differ from projections of the attention itself, and from those that do not turn', () => {
  const wanted = byLoops(create([tensorProduct(options)]), 100)
  expect(mismatch(selfAttend(create([]), x).readSync(), wanted, exact)).not.toBeNull()
  const still = create([tensorProduct({ ...options, base: 'none' })])
  expect(mismatch(selfAttend(still, x).readSync(), wanted, exact)).not.toBeNull()
})

test('a cache keeps the vectors of keys and values, and gives the same outputs', () => {
  const attention = create([tensorProduct(options)])
  const full = Array.from(selfAttend(attention, x).readSync())
  const cache = createCache(compose([scaledDot(), tensorProduct(options), causal()])) as KeyCache
  const steps = [0, 1, 2, 3].flatMap((start) =>
    Array.from(selfAttend(attention, slice(x, [{}, { start, size: 1 }]), { cache }).readSync()),
  )
  expect(mismatch(steps, full, exact)).toBeNull()
  const { key, value } = cache.read()!
  const perPosition = key.shape[1]! * key.shape[3]! + value.shape[1]! * value.shape[3]!
  // (2 + 1)(3 + 4), where keys and values of 3 heads are 2 * 3 * 4.
  expect(perPosition).toBe(21)
  expect(perPosition).toBeLessThan(2 * heads * headSize)
})

test('a rank of the number of heads with unit vectors over heads is multi-head attention', () => {
  const part = tensorProduct({ queryRank: heads, keyRank: heads, valueRank: heads, base: 'none' })
  const [attention, plain] = [create([part]), create([])]
  const rows = Array.from({ length: length * width }, (_, index) =>
    index % width === 0 ? 1 : Math.sin(index),
  )
  // The first column of the input is 1: a map that reads it alone is constant, here 1 for the head of the term.
  const input = device.tensor(rows, { shape: [1, length, width] })
  const identity = Array.from({ length: heads * heads }, (_, row) =>
    Array.from({ length: width }, (__, column) => Number(column === 0 && row % (heads + 1) === 0)),
  )
  const own = attention.parameters()
  const plainOnes = plain.parameters()
  for (const name of ['query', 'key', 'value']) {
    const assign = (map: string, values: Tensor): void =>
      own.get(`parts.tensor-product.${name}${map}`)!.assign(values)
    assign('Heads', device.tensor(identity))
    plainOnes.get(`${name}.bias`)!.assign(device.tensor(new Float64Array(heads * headSize)))
    // The mean of three terms, one of which is not zero.
    const weight = rowsOf(plainOnes.get(`${name}.weight`)!.value)
    assign('Columns', device.tensor(weight.map((row) => row.map((each) => each * heads))))
  }
  for (const name of ['output.weight', 'output.bias']) {
    const { value } = plainOnes.get(name)!
    own.get(name)!.assign(device.tensor(value.readSync(), { shape: value.shape }))
  }
  const wanted = Array.from(selfAttend(plain, input).readSync())
  expect(mismatch(selfAttend(attention, input).readSync(), wanted, exact)).toBeNull()
})

test.each<[TensorProductOptions, string]>([
  [{ queryRank: 0 }, "tensor-product: 'queryRank' is 0, expected a whole number of at least 1."],
  [{ keyRank: 2.5 }, "tensor-product: 'keyRank' is 2.5, expected a whole number of at least 1."],
  [{ valueRank: Number.NaN }, "tensor-product: 'valueRank' is NaN, expected a whole number of at least 1."],
  [{ base: -1 }, "tensor-product: 'base' is -1, expected a number above 0. Leave it out for the default."],
])('bad options: %o', (bad, message) => {
  expect(() => tensorProduct(bad)).toThrow(message)
})

test('an odd head size, and companions that decide the same', () => {
  expect(() => create([tensorProduct()], 3)).toThrow(
    "tensor-product: 'headSize' is 3, expected an even number. " +
      "Columns turn in pairs: change the width or the number of heads, or give base: 'none'.",
  )
  expect(create([tensorProduct({ base: 'none' })], 3).parts['tensor-product']).toBeDefined()
  expect(() => compose([scaledDot(), tensorProduct(), rope()])).toThrow(
    'each of the two turns queries and keys by position',
  )
  expect(() => compose([scaledDot(), tensorProduct(), groupedQuery()])).toThrow("'keyHeads' claimed by")
})
