import { createReferenceBackend, Device, slice } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { testAttention } from '../../conformance/index.ts'
import { sampleTensor } from '../../conformance/sample-values.ts'
import {
  attendByLoops,
  columnsOf,
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
  latent,
  type LatentOptions,
  rope,
  scaledDot,
} from '../../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-12, relative: 1e-10 }
const [width, heads, headSize, length] = [5, 3, 2, 4]
const options = { latentSize: 3, ropeSize: 4, base: 100 }
const x = device.retain(sampleTensor(device, [1, length, width], 1))

const create = (parts: readonly AttentionPart[], maximumLength = 6): MultiHeadAttention =>
  filledAttention(device, [scaledDot(), ...parts, causal()], { width, heads, headSize, maximumLength })

const turn = (rows: Rows): number[][] => turnRows(rows, options.base)

/** Equations 9 to 19 of the paper, without a latent for queries unless `queryDown` is there. */
function byLoops(attention: MultiHeadAttention): number[] {
  const parameters = attention.parts['latent']!
  const map = (name: string, rows: Rows): number[][] => mapRows(rows, rowsOf(parameters[name]!.value))
  const inputs = rowsOf(x, 0)
  const latentsOf = (down: string, gain: string): number[][] => {
    const gains = parameters[gain]?.value.readSync()
    return gains ? normalizeRows(map(down, inputs), [...gains]) : map(down, inputs)
  }
  const source = parameters['queryDown'] ? latentsOf('queryDown', 'queryGain') : inputs
  const latents = latentsOf('down', 'gain')
  const sharedKey = turn(map('keyRope', inputs))
  const beside = (a: Rows, b: Rows): number[][] => a.map((row, index) => [...row, ...b[index]!])
  const mixed = [0, 1, 2].map((head) =>
    attendByLoops(
      beside(
        columnsOf(map('query', source), head, headSize),
        turn(columnsOf(map('queryRope', source), head, options.ropeSize)),
      ),
      beside(columnsOf(map('key', latents), head, headSize), sharedKey),
      columnsOf(map('value', latents), head, headSize),
      true,
    ),
  )
  return mapByLayer(attention.output, joinByLoops(mixed)).flat()
}

/** Each row over the root of the mean of its squares, times gains; 1e-6 is added to the mean, as in the published code. */
function normalizeRows(rows: Rows, gains: readonly number[]): number[][] {
  return rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value * value, 0) / row.length
    return row.map((value, column) => (value * gains[column]!) / Math.sqrt(mean + 1e-6))
  })
}

test.each<LatentOptions>([
  options,
  { ...options, queryLatentSize: 2 },
  { ...options, normalize: true },
  { ...options, queryLatentSize: 2, normalize: true },
])('agrees with plain loops: %o', (each) => {
  const attention = create([latent(each)])
  expect(attention.query).toBeUndefined()
  expect(mismatch(selfAttend(attention, x).readSync(), byLoops(attention), exact)).toBeNull()
})

test('the loops differ from projections of the attention itself, and from another base', () => {
  const wanted = byLoops(create([latent(options)]))
  expect(mismatch(selfAttend(create([]), x).readSync(), wanted, exact)).not.toBeNull()
  const other = create([latent({ ...options, base: 50 })])
  expect(mismatch(selfAttend(other, x).readSync(), wanted, exact)).not.toBeNull()
})

test('a cache keeps a latent and a rotary key per position, and gives the same outputs', () => {
  const attention = create([latent(options)])
  const full = Array.from(selfAttend(attention, x).readSync())
  const cache = createCache(compose([scaledDot(), latent(options), causal()])) as KeyCache
  const steps = [0, 1, 2, 3].flatMap((start) =>
    Array.from(selfAttend(attention, slice(x, [{}, { start, size: 1 }]), { cache }).readSync()),
  )
  expect(mismatch(steps, full, exact)).toBeNull()
  const { key, value } = cache.read()!
  const perPosition = key.shape[1]! * key.shape[3]! + value.shape[1]! * value.shape[3]!
  // 3 and 4 numbers, where keys and values of 3 heads are 2 * 3 * 2.
  expect(perPosition).toBe(options.latentSize + options.ropeSize)
  expect(perPosition).toBeLessThan(2 * heads * headSize)
})

test('sizes follow from the head size unless they are said', () => {
  const sizes = { width: 512, heads: 4, keyHeads: 4, headSize: 128, maximumLength: 10 }
  const shape = (name: string): readonly number[] => latent().parameters![name]!.shape(sizes)
  expect(shape('down')).toEqual([512, 512])
  expect(shape('keyRope')).toEqual([64, 512])
  expect(shape('queryRope')).toEqual([256, 512])
  expect(latent().parameters!['keyRope']!.shape({ ...sizes, headSize: 1 })).toEqual([2, 512])
})

test.each<[LatentOptions, string]>([
  [{ latentSize: 0 }, "latent: 'latentSize' is 0, expected a whole number of at least 1."],
  [{ queryLatentSize: 1.5 }, "latent: 'queryLatentSize' is 1.5, expected a whole number of at least 1."],
  [{ ropeSize: 3 }, "latent: 'ropeSize' is 3, expected an even number. Columns turn in pairs."],
  [{ ropeSize: -2 }, "latent: 'ropeSize' is -2, expected a whole number of at least 1."],
  [{ base: 0 }, "latent: 'base' is 0, expected a number above 0. Leave it out for the default."],
])('bad options: %o', (bad, message) => {
  expect(() => latent(bad)).toThrow(message)
})

test('texts that are too long, and companions that decide the same', () => {
  expect(() => selfAttend(create([latent(options)], 3), x)).toThrow(
    "latent: 'query' reaches position 3, expected positions below the model's maximum length 3.",
  )
  expect(() => compose([scaledDot(), latent(), rope()])).toThrow(
    "compose: 'latent' is composed with 'rope', but each of the two turns queries and keys by position",
  )
  expect(() => compose([scaledDot(), latent(), groupedQuery()])).toThrow("'keyHeads' claimed by")
})

testAttention(() => latent({ latentSize: 6, queryLatentSize: 4, normalize: true }), { test })
