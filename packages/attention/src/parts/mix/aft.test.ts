import { createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { aft, attendProjections, causal, compose, noMask, padding } from '../../index.ts'

const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: 35, size: 3 })
const short = sampleProjections({ heads: 4, keyHeads: 2, queries: 3, keys: 5, size: 3 })
const kept = [0, 1].map((batch) => Array.from({ length: 35 }, (_, key) => key % 3 !== batch))
const bias = sampleValues(25, 4)

/** Equation 2 of the paper, column by column: `σ(q) Σ exp(k + w) v / Σ exp(k + w)`. */
function byColumns(
  of: typeof sample,
  keeps: (batch: number, query: number, key: number) => boolean,
  biasOf: (query: number, key: number) => number = () => 0,
): number[] {
  return of.perHead((query, key, value, { batch }) =>
    query.map((q, i) =>
      q.map((x, column) => {
        let [values, weights] = [0, 0]
        for (const [j, k] of key.entries()) {
          if (!keeps(batch, i, j)) continue
          const weight = Math.exp(k[column]! + biasOf(i, j))
          values += weight * value[j]![column]!
          weights += weight
        }
        return weights === 0 ? 0 : values / weights / (1 + Math.exp(-x))
      }),
    ),
  )
}

testIdea(() => aft(), {
  test,
  ideas: [
    {
      title: 'each column has a mean of its own, and the query is its gate',
      inputs: (device) => short.inputs(device),
      expected: () => byColumns(short, () => true),
    },
    {
      title: 'with causal, over several chunks',
      call: () => ({ beside: [causal()] }),
      inputs: (device) => sample.inputs(device),
      expected: () => byColumns(sample, (_, i, j) => j <= i),
    },
    {
      title: 'with causal and padding; a query without a key gives zeros',
      call: (device) => ({ beside: [causal(), padding()], side: { padding: device.tensor(kept) } }),
      inputs: (device) => sample.inputs(device),
      expected: () => byColumns(sample, (batch, i, j) => j <= i && kept[batch]![j]!),
    },
    {
      title: 'with padding alone',
      call: (device) => ({ beside: [padding()], side: { padding: device.tensor(kept) } }),
      inputs: (device) => sample.inputs(device),
      expected: () => byColumns(sample, (batch, _, j) => kept[batch]![j]!),
    },
  ],
})

testIdea(() => aft({ positions: 'full' }), {
  test,
  ideas: [
    {
      title: 'a bias for each pair of positions',
      call: (device) => ({ parameters: { aft: { bias: device.tensor(bias, { shape: [5, 5] }) } } }),
      inputs: (device) => short.inputs(device),
      expected: () =>
        byColumns(
          short,
          () => true,
          (query, key) => bias[query * 5 + key]!,
        ),
    },
    {
      title: 'a bias for each pair of positions, with causal, from the second query on',
      call: (device) => ({
        beside: [causal()],
        queryStart: 1,
        parameters: { aft: { bias: device.tensor(bias, { shape: [5, 5] }) } },
      }),
      inputs: (device) => short.inputs(device),
      expected: () =>
        byColumns(
          short,
          (_, i, j) => j <= i + 1,
          (query, key) => bias[(query + 1) * 5 + key]!,
        ),
    },
  ],
})

test.each([aft(), aft({ positions: 'full' })])(
  'large keys neither overflow nor hide earlier ones: %o',
  (part) => {
    const device = new Device(createReferenceBackend())
    const column = (values: readonly number[]) => device.tensor(values, { shape: [1, 1, values.length, 1] })
    const output = attendProjections(
      compose([part, causal()]),
      { query: column([50, 50, 50]), key: column([-900, 900, 900]), value: column([1, 2, 4]) },
      {
        mask: noMask,
        parameters: { aft: { bias: device.tensor(new Array<number>(9).fill(0), { shape: [3, 3] }) } },
      },
    )
    expect(mismatch(output.readSync(), [1, 2, 3], { absolute: 1e-5, relative: 1e-5 })).toBeNull()
  },
)

test('bad options', () => {
  expect(() => aft({ positions: 'local' as never })).toThrow(
    "aft: 'positions' is 'local', expected 'none' or 'full'. Leave it out for the default.",
  )
})
