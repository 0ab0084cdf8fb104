import { test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, relu } from '../../index.ts'

testIdea(() => relu(), {
  test,
  ideas: [
    {
      title: 'positive scores over the number of keys',
      inputs: scoreInputs([[1, -2, 4]]),
      expected: [1 / 3, 0, 4 / 3],
    },
    {
      title: 'with causal, over the keys up to the query',
      call: () => ({ beside: [causal()] }),
      inputs: scoreInputs([
        [1, 5],
        [1, 3],
      ]),
      expected: [1, 0, 1 / 2, 3 / 2],
    },
  ],
})

testIdea(() => relu({ squared: true }), {
  test,
  ideas: [
    {
      title: 'squares of positive scores over the number of keys',
      inputs: scoreInputs([[1, -2, 4]]),
      expected: [1 / 3, 0, 16 / 3],
    },
  ],
})
