import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { dot, mixRows, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, autoformer, causal, compose, noMask, padding } from '../../index.ts'

const [length, size] = [7, 4]

/** Equations 5 and 6 of the paper by loops: the best delays, a softmax over them, and rolls of the values. */
function byDelays(sample: ReturnType<typeof sampleProjections>, count: number): number[] {
  return sample.perHead((query, key, value) => {
    const filled = <T>(rows: readonly T[], none: T): T[] => query.map((_, t) => rows[t] ?? none)
    const keys = filled(
      key,
      key[0]!.map(() => 0),
    )
    const values = filled(
      value,
      value[0]!.map(() => 0),
    )
    const fits = query.map((_, delay) =>
      query.reduce((total, q, t) => total + dot(q, keys[(t - delay + length) % length]!), 0),
    )
    const best = fits
      .map((fit, delay) => ({ fit: fit / size, delay }))
      .toSorted((a, b) => b.fit - a.fit)
      .slice(0, count)
    const shares = softmaxOf(best.map(({ fit }) => fit))
    return query.map((_, t) =>
      mixRows(
        shares,
        best.map(({ delay }) => values[(t + delay) % length]!),
      ),
    )
  })
}

const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: length, size })
const fewer = sampleProjections({ heads: 2, queries: length, keys: 5, size })
const more = sampleProjections({ heads: 2, queries: length, keys: 9, size })

// ln 7 = 1.95: 3 ln 7 = 5.8 takes 5 delays, ln 7 takes 1, and 0.1 ln 7 takes 1 in place of none.
testIdea(() => autoformer(), {
  test,
  ideas: [
    {
      title: 'the five best of seven delays',
      inputs: (device) => sample.inputs(device),
      expected: () => byDelays(sample, 5),
    },
    {
      title: 'keys that are fewer are filled up with zeros',
      inputs: (device) => fewer.inputs(device),
      expected: () => byDelays(fewer, 5),
    },
    {
      title: 'keys that are more are cut off',
      inputs: (device) => more.inputs(device),
      expected: () => byDelays(more, 5),
    },
  ],
})

for (const factor of [1, 0.1]) {
  testIdea(() => autoformer({ factor }), {
    test,
    ideas: [
      {
        title: `the best delay alone, by a factor of ${factor}`,
        inputs: (device) => sample.inputs(device),
        expected: () => byDelays(sample, 1),
      },
    ],
  })
}

test('a period is found: what comes after a delay of it is rolled in', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const rows = (at: (position: number) => number): Tensor =>
    device.tensor(
      Array.from({ length: 12 }, (_, position) => at(position)),
      { shape: [1, 1, 12, 1] },
    )
  const season = [3, -1, 0, 2]
  const query = rows((position) => season[position % 4]!)
  // Queries are the keys of two positions before.
  const key = rows((position) => season[(position + 2) % 4]!)
  const value = rows((position) => position)
  const output = attendProjections(
    compose([autoformer({ factor: 1 })]),
    { query, key, value },
    { mask: noMask },
  )
  // ⌊ln 12⌋ = 2 of the delays 2, 6 and 10, which fit equally: the first two, half each.
  const wanted = Array.from({ length: 12 }, (_, t) => (((t + 2) % 12) + ((t + 6) % 12)) / 2)
  expect(mismatch(output.readSync(), wanted, { absolute: 1e-9, relative: 1e-9 })).toBeNull()
})

test('what it cannot be, and bad options', () => {
  expect(() => compose([autoformer(), causal()])).toThrow(
    "'autoformer' is composed with 'causal', but correlations are sums over all positions",
  )
  expect(() => compose([autoformer(), padding()])).toThrow(
    "'autoformer' is composed with 'padding', but delays wrap around at the end of the sequence",
  )
  expect(() => autoformer({ factor: 0 })).toThrow(
    "autoformer: 'factor' is 0, expected a number above 0. Leave it out for the default.",
  )
})
