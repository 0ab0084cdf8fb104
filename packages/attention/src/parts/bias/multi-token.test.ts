import { createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import {
  attendProjections,
  causal,
  compose,
  CompositionError,
  createCache,
  multiToken,
  noMask,
  padding,
  scaledDot,
} from '../../index.ts'

const sizes = { batch: 2, heads: 2, length: 5, size: 3 }
const sample = handSample(sizes)

/** The sum of the formula: a queries back, and b keys from half a window to the left to half a window to the right. */
function convolved(
  kernel: readonly number[],
  [rows, columns]: readonly [number, number],
  at: { readonly batch: number; readonly head: number; readonly query: number; readonly key: number },
  sees: (query: number, key: number) => boolean,
): number {
  let total = 0
  for (let a = 0; a < rows; a++) {
    for (let b = -Math.floor(columns / 2); b <= Math.ceil(columns / 2) - 1; b++) {
      const [query, key] = [at.query - a, at.key - b]
      if (query < 0 || key < 0 || key >= sizes.length || !sees(query, key)) continue
      // Stored from the farthest query and the leftmost key on.
      const [row, column] = [rows - 1 - a, Math.ceil(columns / 2) - 1 - b]
      const weight = kernel[(at.head * rows + row) * columns + column]!
      total += weight * sample.scaledDot({ ...at, query, key })
    }
  }
  return total
}

const windows = [
  [2, 3],
  [3, 4],
  [6, 11],
] as const

for (const [queries, keys] of windows) {
  const kernel = sampleValues(2 * queries * keys, 6)
  testIdea(() => multiToken({ queries, keys }), {
    test,
    ideas: [
      {
        title: `${queries} queries and ${keys} keys are weighed together, none after its query`,
        inputs: sample.inputs,
        call: (device) => ({
          beside: [causal()],
          parameters: { 'multi-token': { kernel: device.tensor(kernel, { shape: [2, queries, keys] }) } },
        }),
        expected: () =>
          sample.attend((place) =>
            place.key > place.query
              ? -Infinity
              : convolved(kernel, [queries, keys], place, (query, key) => key <= query),
          ),
      },
      {
        title: `${queries} queries and ${keys} real keys are weighed together`,
        inputs: sample.inputs,
        call: (device) => ({
          beside: [padding()],
          side: {
            padding: device.tensor([
              [true, true, true, true, true],
              [true, true, true, false, false],
            ]),
          },
          parameters: { 'multi-token': { kernel: device.tensor(kernel, { shape: [2, queries, keys] }) } },
        }),
        expected: () =>
          sample.attend((place) => {
            const real = (key: number): boolean => place.batch === 0 || key < 3
            return real(place.key)
              ? convolved(kernel, [queries, keys], place, (_, key) => real(key))
              : -Infinity
          }),
      },
    ],
  })
}

test('whatever the kernel, a later key changes nothing before it', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const run = (kernel: readonly number[], shape: readonly number[], changed: number, by: number): number[] =>
    device.scoped(() => {
      const { query, key, value } = sample.inputs(device)
      const keys = [...key.readSync()].map((x, index) => (Math.floor(index / 3) % 5 === changed ? x + by : x))
      const output = attendProjections(
        compose([scaledDot(), multiToken({ queries: shape[1]!, keys: shape[2]! }), causal()]),
        { query, key: device.tensor(keys, { shape: key.shape }), value },
        { mask: noMask, parameters: { 'multi-token': { kernel: device.tensor(kernel, { shape }) } } },
      )
      return [...output.readSync()].filter((_, index) => Math.floor(index / 3) % 5 < changed)
    })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 50 }),
      (queries, keys, changed, seed) => {
        const kernel = sampleValues(2 * queries * keys, seed)
        const shape = [2, queries, keys]
        const found = mismatch(run(kernel, shape, changed, 5), run(kernel, shape, changed, 0), {
          absolute: 1e-12,
          relative: 1e-12,
        })
        expect(found).toBeNull()
      },
    ),
    { numRuns: 30 },
  )
})

test('queries before this one are in no cache', () => {
  expect(() => createCache(compose([scaledDot(), multiToken(), causal()]))).toThrow(CompositionError)
})

test.each([
  [{ queries: 0 }, "'queries' is 0"],
  [{ keys: 2.5 }, "'keys' is 2.5"],
])('%o is no window', (options, problem) => {
  expect(() => multiToken(options)).toThrow(
    `multi-token: ${problem}, expected a whole number of at least 1. Leave it out for the default.`,
  )
})
