import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, compose, scaledDot, talkingHeads } from '../../index.ts'

const sizes = { batch: 2, heads: 3, length: 4, size: 3 }
const sample = handSample(sizes)
const [scoreMap, weightMap] = [sampleValues(9, 4), sampleValues(9, 5)]

/** The weights of one head before they are mixed. */
function weightsOf(batch: number, head: number, query: number, last: number): number[] {
  return softmaxOf(
    [0, 1, 2, 3].map((key) => {
      if (key > last) return -Infinity
      const scores = [0, 1, 2].map((from) => sample.scaledDot({ batch, head: from, query, key }))
      return dot(
        scores,
        [0, 1, 2].map((from) => scoreMap[from * 3 + head]!),
      )
    }),
  )
}

function expected(lastOf: (query: number) => number): number[] {
  return sample.mix(({ batch, head, query }) => {
    const all = [0, 1, 2].map((from) => weightsOf(batch, from, query, lastOf(query)))
    return [0, 1, 2, 3].map((key) => {
      const weights = all.map((row) => row[key]!)
      return dot(
        weights,
        [0, 1, 2].map((from) => weightMap[from * 3 + head]!),
      )
    })
  })
}

testIdea(() => talkingHeads(), {
  test,
  ideas: [
    {
      title: 'heads are mixed before and after the softmax',
      inputs: sample.inputs,
      call: (device) => ({
        parameters: {
          'talking-heads': {
            scores: device.tensor(scoreMap, { shape: [3, 3] }),
            weights: device.tensor(weightMap, { shape: [3, 3] }),
          },
        },
      }),
      expected: () => expected(() => 3),
    },
    {
      title: 'keys that are masked stay so',
      inputs: sample.inputs,
      call: (device) => ({
        beside: [causal()],
        parameters: {
          'talking-heads': {
            scores: device.tensor(scoreMap, { shape: [3, 3] }),
            weights: device.tensor(weightMap, { shape: [3, 3] }),
          },
        },
      }),
      expected: () => expected((query) => query),
    },
  ],
})

test('it cannot run fused', () => {
  expect(compose([scaledDot(), talkingHeads()]).unfusable).toBe(
    "'talking-heads' changes the scores in its own way",
  )
})
