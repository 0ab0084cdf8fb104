import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, cope } from '../../index.ts'

const sample = handSample({ batch: 2, heads: 2, length: 6, size: 3 })
const last = 2
const embeddings = sampleValues((last + 1) * 3, 8)

function position(batch: number, head: number, query: number, key: number): number {
  let total = 0
  for (let between = Math.min(query, key); between <= Math.max(query, key); between++) {
    total += 1 / (1 + Math.exp(-sample.scaledDot({ batch, head, query, key: between })))
  }
  return Math.min(total, last)
}

/** The embedding of a position between two whole ones. */
function embeddingAt(at: number): number[] {
  const [low, high] = [Math.floor(at), Math.ceil(at)]
  return [0, 1, 2].map(
    (column) =>
      embeddings[low * 3 + column]! * (1 - (at - low)) + embeddings[high * 3 + column]! * (at - low),
  )
}

const scores = (causally: boolean) => (): number[] =>
  sample.attend((place) => {
    const { batch, head, query, key } = place
    if (causally && key > query) return -Infinity
    const counted = embeddingAt(position(batch, head, query, key))
    return sample.scaledDot(place) + dot(sample.query(batch, head, query), counted)
  })

testIdea(() => cope({ maximumPosition: last }), {
  test,
  ideas: [
    {
      title: 'keys are as far away as gates add up, and those past the last position share it',
      inputs: sample.inputs,
      call: (device) => ({
        beside: [causal()],
        parameters: { cope: { embeddings: device.tensor(embeddings, { shape: [last + 1, 3] }) } },
      }),
      expected: scores(true),
    },
    {
      title: 'without causal, keys to the right are counted in the same way',
      inputs: sample.inputs,
      call: (device) => ({
        parameters: { cope: { embeddings: device.tensor(embeddings, { shape: [last + 1, 3] }) } },
      }),
      expected: scores(false),
    },
    {
      // Queries of 0 have gates of 1/2 and nothing to ask of an embedding; with one column that is 1, and keys of 0, gates are 1/2 as
      // well: positions are 1/2 for the last key and 1 for the one before. Embeddings 0, 1 and 2 then give scores 1/2 and 1, and the
      // value 1 of the first key a weight of 1 / (1 + exp(-1/2)).
      title: 'gates of one half: two keys are one position',
      inputs: (device) => ({
        query: device.tensor([[[[1], [1]]]]),
        key: device.tensor([[[[0], [0]]]]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      call: (device) => ({
        beside: [causal()],
        parameters: { cope: { embeddings: device.tensor([[0], [1], [2]]) } },
      }),
      expected: [1, 0.6224593312018546],
    },
  ],
})

test.each([0, 2.5, Number.NaN])('%s cannot be the last position', (maximumPosition) => {
  expect(() => cope({ maximumPosition })).toThrow(
    `cope: 'maximumPosition' is ${maximumPosition}, expected a whole number of at least 1. Leave it out for the default.`,
  )
})
