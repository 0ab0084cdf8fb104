import { expect, test } from 'vitest'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, compose, CompositionError, createCache, scaledDot, selective } from '../../index.ts'

const sample = handSample({ batch: 2, heads: 2, length: 6, size: 3 })

/** How much queries between key and query, both left out, have hidden the key. */
function hidden(batch: number, query: number, key: number): number {
  if (key === 0) return 0
  let total = 0
  for (let between = key + 1; between < query; between++) {
    total += Math.max(0, sample.scaledDot({ batch, head: 0, query: between, key }))
  }
  return total
}

testIdea(() => selective(), {
  test,
  ideas: [
    {
      title: 'positions are hidden from those after the one that hides them',
      inputs: sample.inputs,
      call: () => ({ beside: [causal()] }),
      expected: () =>
        sample.attend((place) =>
          place.key > place.query
            ? -Infinity
            : sample.scaledDot(place) - hidden(place.batch, place.query, place.key),
        ),
    },
    {
      title: 'without causal, later keys are as they were',
      inputs: sample.inputs,
      expected: () =>
        sample.attend((place) => sample.scaledDot(place) - hidden(place.batch, place.query, place.key)),
    },
    {
      // All scores are 1. Of the four positions, position 2 hides position 1 by 1 from the query 3: scores 1, 0, 1, 1, and the value 1
      // of position 1 gets 1 / (3e + 1). The queries before see nothing hidden: none, then 1/2 and 1/3.
      title: 'equal scores of 1: position 1 gets 1 / (3e + 1) at last',
      inputs: (device) => ({
        query: device.tensor([[[[1], [1], [1], [1]]]]),
        key: device.tensor([[[[1], [1], [1], [1]]]]),
        value: device.tensor([[[[0], [1], [0], [0]]]]),
      }),
      call: () => ({ beside: [causal()] }),
      expected: [0, 1 / 2, 1 / 3, 0.10923177257303593],
    },
  ],
})

test('scores of earlier queries are in no cache', () => {
  expect(() => createCache(compose([scaledDot(), selective(), causal()]))).toThrow(CompositionError)
})
