import { test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, sigmoid } from '../../index.ts'

// sigmoid(S - log n) = 1 / (1 + n exp(-S))
testIdea(() => sigmoid(), {
  test,
  ideas: [
    {
      title: 'two keys of score 0 and log 3 get 1 / (1 + 2) and 1 / (1 + 2 / 3)',
      inputs: scoreInputs([[0, Math.log(3)]]),
      expected: [1 / 3, 3 / 5],
    },
    {
      title: 'with causal, a query counts the keys up to itself',
      call: () => ({ beside: [causal()] }),
      inputs: scoreInputs([
        [0, 5, 5],
        [0, Math.log(3), 5],
        [0, Math.log(3), Math.log(6)],
      ]),
      expected: [1 / 2, 0, 0, 1 / 3, 3 / 5, 0, 1 / 4, 1 / 2, 2 / 3],
    },
  ],
})
