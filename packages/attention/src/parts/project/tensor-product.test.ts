import { createReferenceBackend, Device, RandomStream, slice, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import {
  attendByLoops,
  fillParameters,
  joinByLoops,
  mapRows,
  type Rows,
  rowsOf,
} from '../../testing/by-loops.test-helper.ts'
import {
  type AttentionCache,
  type AttentionPart,
  causal,
  compose,
  createCache,
  groupedQuery,
  type KeyCache,
  MultiHeadAttention,
  noMask,
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

function create(parts: readonly AttentionPart[], size: number = headSize): MultiHeadAttention {
  const init = { device, random: new RandomStream(1) }
  const composition = compose([scaledDot(), ...parts, causal()])
  const attention = new MultiHeadAttention(init, {
    width,
    heads,
    headSize: size,
    composition,
    maximumLength: 6,
  })
  fillParameters(attention)
  return attention
}

function forward(attention: MultiHeadAttention, cache: AttentionCache | 'none' = 'none', rows = x): Tensor {
  return attention.forward(rows, rows, { mask: noMask, side: {}, cache })
}

/** Turned as a whole, after the sum: the paper turns the factors, which is the same. */
function turn(row: readonly number[], position: number, base: number | 'none'): number[] {
  if (base === 'none') return [...row]
  return row.map((x, column) => {
    const angle = position * base ** (-(column - (column % 2)) / headSize)
    const other = row[column % 2 === 0 ? column + 1 : column - 1]!
    return x * Math.cos(angle) + (column % 2 === 0 ? -1 : 1) * other * Math.sin(angle)
  })
}

function byLoops(attention: MultiHeadAttention, base: number | 'none'): number[] {
  const parameters = attention.parts['tensor-product']!
  const made = (name: 'query' | 'key' | 'value', head: number): number[][] => {
    const rank = options[`${name}Rank`]
    const map = (kind: string): Rows => mapRows(rowsOf(x, 0), rowsOf(parameters[`${name}${kind}`]!.value))
    const [overHeads, overColumns] = [map('Heads'), map('Columns')]
    return overHeads.map((factors, position) => {
      const row = Array.from({ length: headSize }, (_, column) => {
        let total = 0
        for (let term = 0; term < rank; term++) {
          total += factors[term * heads + head]! * overColumns[position]![term * headSize + column]!
        }
        return total / rank
      })
      return name === 'value' ? row : turn(row, position, base)
    })
  }
  const mixed = [0, 1, 2].map((head) =>
    attendByLoops(made('query', head), made('key', head), made('value', head), true),
  )
  const { weight, bias } = attention.output as { weight: { value: Tensor }; bias: { value: Tensor } }
  return mapRows(joinByLoops(mixed), rowsOf(weight.value), Array.from(bias.value.readSync())).flat()
}

test.each([100, 'none'] as const)('agrees with plain loops, with a base of %s', (base) => {
  const attention = create([tensorProduct({ ...options, base })])
  expect(attention.key).toBeUndefined()
  expect(mismatch(forward(attention).readSync(), byLoops(attention, base), exact)).toBeNull()
})

test('the loops differ from projections of the attention itself, and from those that do not turn', () => {
  const wanted = byLoops(create([tensorProduct(options)]), 100)
  expect(mismatch(forward(create([])).readSync(), wanted, exact)).not.toBeNull()
  const still = create([tensorProduct({ ...options, base: 'none' })])
  expect(mismatch(forward(still).readSync(), wanted, exact)).not.toBeNull()
})

test('a cache keeps the vectors of keys and values, and gives the same outputs', () => {
  const attention = create([tensorProduct(options)])
  const full = Array.from(forward(attention).readSync())
  const cache = createCache(compose([scaledDot(), tensorProduct(options), causal()])) as KeyCache
  const steps = [0, 1, 2, 3].flatMap((start) =>
    Array.from(forward(attention, cache, slice(x, [{}, { start, size: 1 }])).readSync()),
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
  const state = attention.parts['tensor-product']!
  const rows = Array.from({ length: length * width }, (_, index) =>
    index % width === 0 ? 1 : Math.sin(index),
  )
  // The first column of the input is 1: a map that reads it alone is constant, here 1 for the head of the term.
  const input = device.tensor(rows, { shape: [1, length, width] })
  const identity = Array.from({ length: heads * heads }, (_, row) =>
    Array.from({ length: width }, (__, column) => Number(column === 0 && row % (heads + 1) === 0)),
  )
  for (const name of ['query', 'key', 'value'] as const) {
    const assign = (map: string, values: Tensor): void => {
      const parameter = state[`${name}${map}`]! as { assign(value: Tensor): void }
      parameter.assign(values)
    }
    assign('Heads', device.tensor(identity))
    const { weight, bias } = plain[name] as unknown as Record<
      'weight' | 'bias',
      { value: Tensor; assign(value: Tensor): void }
    >
    bias.assign(device.tensor(new Float64Array(heads * headSize)))
    // The mean of three terms, one of which is not zero.
    assign('Columns', device.tensor(rowsOf(weight.value).map((row) => row.map((each) => each * heads))))
  }
  const output = plain.output as unknown as Record<'weight' | 'bias', { value: Tensor }>
  const own = attention.output as unknown as Record<'weight' | 'bias', { assign(value: Tensor): void }>
  own.weight.assign(device.tensor(rowsOf(output.weight.value)))
  own.bias.assign(device.tensor(Array.from(output.bias.value.readSync())))
  const wanted = Array.from(forward(plain, 'none', input).readSync())
  expect(mismatch(forward(attention, 'none', input).readSync(), wanted, exact)).toBeNull()
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
    'it turns queries and keys of its own',
  )
  expect(() => compose([scaledDot(), tensorProduct(), groupedQuery()])).toThrow("'keyHeads' claimed by")
})
