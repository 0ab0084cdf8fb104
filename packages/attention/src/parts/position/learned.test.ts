import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { learned } from '../../index.ts'

testEmbeddingIdea(() => learned(), {
  test,
  ideas: [
    {
      title: 'adds the rows of its table from the start on, to each entry of the batch',
      sizes: { maximumLength: 4 },
      start: 1,
      inputs: (device) => device.tensor([1, 2, 3, 4, 5, 6, 7, 8], { shape: [2, 2, 2] }),
      parameters: (device) => ({
        table: device.tensor([0.1, 0.2, 10, 20, 30, 40, 0.3, 0.4], { shape: [4, 2] }),
      }),
      expected: [11, 22, 33, 44, 15, 26, 37, 48],
    },
  ],
})

test('a standard deviation of 0 is an error', () => {
  expect(() => learned({ standardDeviation: 0 })).toThrow(
    "learned: 'standardDeviation' is 0, expected a number above 0. Leave it out for the default.",
  )
})
