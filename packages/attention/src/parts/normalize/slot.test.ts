import { expect, test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, compose, padding, scaledDot, slot } from '../../index.ts'

// Over the queries, the first key is shared 3/4 to 1/4, the second 1/2 to 1/2.
const scores = [
  [Math.log(3), 0],
  [0, 0],
]

testIdea(() => slot({ epsilon: 0 }), {
  test,
  ideas: [
    {
      title: 'queries share each key, then divide what they got by its sum',
      inputs: scoreInputs(scores),
      expected: [3 / 5, 2 / 5, 1 / 3, 2 / 3],
    },
    {
      title: 'keys that are filled up are nobody’s',
      call: (device) => ({ beside: [padding()], side: { padding: device.tensor([[false, true]]) } }),
      inputs: scoreInputs(scores),
      expected: [0, 1, 0, 1],
    },
  ],
})

testIdea(() => slot({ epsilon: 0.25 }), {
  test,
  ideas: [
    {
      title: 'epsilon is added before the sum',
      inputs: scoreInputs(scores),
      expected: [4 / 7, 3 / 7, 2 / 5, 3 / 5],
    },
  ],
})

test('queries that compete cannot be causal, and epsilon is not negative', () => {
  expect(() => compose([scaledDot(), slot(), causal()])).toThrow(
    "compose: 'slot' is composed with 'causal', but its queries compete, and each sees all others",
  )
  expect(() => slot({ epsilon: -1 })).toThrow(
    "slot: 'epsilon' is -1, expected a number of at least 0. Leave it out for the default.",
  )
})
