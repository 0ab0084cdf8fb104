import { test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, softmaxPlusOne } from '../../index.ts'

testIdea(() => softmaxPlusOne(), {
  test,
  ideas: [
    {
      title: 'exponentials 1 and 3 are divided by 1 + 1 + 3',
      inputs: scoreInputs([[0, Math.log(3)]]),
      expected: [1 / 5, 3 / 5],
    },
    {
      title: 'low scores leave almost nothing, high ones are softmax',
      inputs: scoreInputs([
        [-800, -800],
        [800, 800],
      ]),
      expected: [0, 0, 0.5, 0.5],
    },
    {
      title: 'the one is added to the kept keys only',
      call: () => ({ beside: [causal()] }),
      inputs: scoreInputs([
        [0, 9],
        [0, 0],
      ]),
      expected: [1 / 2, 0, 1 / 3, 1 / 3],
    },
  ],
})
