import { expect, test } from 'vitest'
import { dot, mixRows } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, padding, retention } from '../../index.ts'

const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: 70, size: 4, valueSize: 3 })
const kept = [0, 1].map((batch) => Array.from({ length: 70 }, (_, key) => key % 3 !== batch))

/** Equations 5 and 8 of the paper: `(Q K' ⊙ D) V` with `D = γ^(i - j)`, and a norm of each head. */
function byDecay(keeps: (batch: number, key: number) => boolean): number[] {
  return sample.perHead((query, key, value, { batch, head }) =>
    query.map((q, i) => {
      const weights = key.map((k, j) =>
        j <= i && keeps(batch, j) ? (dot(q, k) / 2) * (1 - 2 ** (-5 - head)) ** (i - j) : 0,
      )
      const mixed = mixRows(weights, value)
      const mean = mixed.reduce((total, x) => total + x, 0) / mixed.length
      const variance = mixed.reduce((total, x) => total + (x - mean) ** 2, 0) / mixed.length
      return mixed.map((x) => (x - mean) / Math.sqrt(variance + 1e-5))
    }),
  )
}

testIdea(() => retention(), {
  test,
  ideas: [
    {
      title: 'scores fade by a factor per position and head, and heads are normalised',
      inputs: (device) => sample.inputs(device),
      expected: () => byDecay(() => true),
    },
    {
      title: 'causal changes nothing, and filled-up keys are left out',
      call: (device) => ({ beside: [causal(), padding()], side: { padding: device.tensor(kept) } }),
      inputs: (device) => sample.inputs(device),
      expected: () => byDecay((batch, key) => kept[batch]![key]!),
    },
  ],
})

test('bad options', () => {
  expect(() => retention({ epsilon: 0 })).toThrow(
    "retention: 'epsilon' is 0, expected a number above 0. Leave it out for the default.",
  )
})
