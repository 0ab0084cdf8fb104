import { test } from 'vitest'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { alibi, causal } from '../../index.ts'

const sample = handSample()
// Two heads: 2^(-8/2) and 2^(-8).
const slopes = [1 / 16, 1 / 256]

testIdea(() => alibi(), {
  test,
  ideas: [
    {
      title: 'keys to both sides lose the slope of the head for each step',
      inputs: sample.inputs,
      expected: () =>
        sample.attend(
          (place) => sample.scaledDot(place) - slopes[place.head]! * Math.abs(place.query - place.key),
        ),
    },
    {
      // Equal scores, one head of slope 2^-8, two keys: the weights are those of the scores -1/256 and 0, so that the value 1 of the
      // farther key gets 1 / (1 + exp(1/256)).
      title: 'with causal, the key before gets 1 / (1 + exp(1/256))',
      call: () => ({ beside: [causal()] }),
      inputs: (device) => ({
        query: device.tensor([[[[0], [0]]]]),
        key: device.tensor([[[[0], [0]]]]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1, 0.4990234387417615],
    },
  ],
})
