import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, shaw } from '../../index.ts'

const sample = handSample({ batch: 2, heads: 2, length: 5, size: 3 })
const [keys, values] = [sampleValues(15, 6), sampleValues(15, 7)]

/** The row of an offset, which is clipped to 2. */
function rowOf(table: readonly number[], offset: number): number[] {
  const row = Math.min(2, Math.max(-2, offset)) + 2
  return table.slice(row * 3, row * 3 + 3)
}

const expected = (last: (query: number) => number) => (): number[] =>
  sample.attend(
    ({ batch, head, query, key }) => {
      if (key > last(query)) return -Infinity
      const own = sample.key(batch, head, key)
      const compared = own.map((x, column) => x + rowOf(keys, key - query)[column]!)
      return dot(sample.query(batch, head, query), compared) / Math.sqrt(3)
    },
    ({ batch, head, query, key }) =>
      sample.value(batch, head, key).map((x, column) => x + rowOf(values, key - query)[column]!),
  )

testIdea(() => shaw({ maximumDistance: 2 }), {
  test,
  ideas: [
    {
      title: 'keys and values get the row of their offset',
      inputs: sample.inputs,
      call: (device) => ({
        parameters: {
          shaw: {
            keys: device.tensor(keys, { shape: [5, 3] }),
            values: device.tensor(values, { shape: [5, 3] }),
          },
        },
      }),
      expected: expected(() => 4),
    },
    {
      title: 'also with causal',
      inputs: sample.inputs,
      call: (device) => ({
        beside: [causal()],
        parameters: {
          shaw: {
            keys: device.tensor(keys, { shape: [5, 3] }),
            values: device.tensor(values, { shape: [5, 3] }),
          },
        },
      }),
      expected: expected((query) => query),
    },
  ],
})

test.each([0, 1.5, Number.NaN, -1])('a distance of %s cannot be the largest', (maximumDistance) => {
  expect(() => shaw({ maximumDistance })).toThrow(
    `shaw: 'maximumDistance' is ${maximumDistance}, expected a whole number of at least 1. Leave it out for the default.`,
  )
})
