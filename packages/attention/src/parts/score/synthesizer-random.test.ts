import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { compose, MultiHeadAttention, noMask, synthesizerRandom } from '../../index.ts'

const third = Math.log(3)

testIdea(() => synthesizerRandom(), {
  test,
  ideas: [
    {
      // Exponentials 1 and 3 for the first query, 3 and 3 for the second; the third row and column are for longer texts.
      title: 'scores are the trained table, whatever queries and keys are',
      call: (device) => ({
        parameters: {
          'synthesizer-random': {
            scores: device.tensor([
              [
                [0, third, 9],
                [third, third, 9],
                [9, 9, 9],
              ],
            ]),
          },
        },
      }),
      inputs: (device) => ({
        query: device.tensor([[[[5], [-5]]]]),
        key: device.tensor([[[[7], [-7]]]]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1 / 4, 1 / 2],
    },
  ],
})

test('it says so where a text is longer than the table, and in cross-attention', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const model = new MultiHeadAttention(
    { device, random: new RandomStream(1) },
    { width: 2, heads: 1, maximumLength: 2, composition: compose([synthesizerRandom()]) },
  )
  const x = device.tensor([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ])
  const forward = (query: Tensor, key: Tensor): Tensor =>
    model.forward(query, key, { mask: noMask, side: {}, cache: 'none' })
  expect(() => forward(x, x)).toThrow(
    "synthesizer-random: 'query' reaches position 2, expected positions below the model's maximum length 2. " +
      'Shorten the sequence, or build the model with a larger `maximumLength`.',
  )
  expect(() => forward(x, device.tensor([[[1, 2]]]))).toThrow(
    "synthesizer-random: 'keyInput' is not the query input, expected self-attention: " +
      'its scores are for the positions of one sequence. Choose another part for cross-attention.',
  )
})
