import { ArgumentError, createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { padTokens } from './index.ts'
import { stackTokens } from './pad-tokens.ts'

const device = new Device(createReferenceBackend())
const options = { paddingId: 9, vocabularySize: 10 }

test('fills up at the end', () => {
  const tokens = padTokens(device, [[1, 2, 3], [], [4]], options)
  expect([tokens.dtype, tokens.shape]).toEqual(['int32', [3, 3]])
  expect([...tokens.readSync()]).toEqual([1, 2, 3, 9, 9, 9, 4, 9, 9])
})

test.each<[readonly (readonly number[])[], string]>([
  [
    [],
    "padTokens: 'rows' is empty, expected at least one sequence with a token. Leave empty texts out before the model sees them.",
  ],
  [[[], []], "'rows' holds only empty sequences"],
  [
    [[1], [2, 10]],
    "padTokens: 'rows[1][1]' is 10, expected a token id from 0 to 9. Use the tokenizer that the model was trained with.",
  ],
  [[[-1]], "'rows[0][0]' is -1"],
  [[[1.5]], "'rows[0][0]' is 1.5"],
])('refuses %j', (rows, message) => {
  expect(() => padTokens(device, rows, options)).toThrow(ArgumentError)
  expect(() => padTokens(device, rows, options)).toThrow(message)
})

test('sequences that are decoded together are never filled up', () => {
  expect([
    ...stackTokens(
      device,
      [
        [1, 2],
        [3, 4],
      ],
      { vocabularySize: 5 },
    ).readSync(),
  ]).toEqual([1, 2, 3, 4])
  expect(() => stackTokens(device, [[1, 2], [3]], { vocabularySize: 5 })).toThrow(
    "advance: 'tokens[1]' has 1 tokens, and tokens[0] has 2, expected equally many tokens for every sequence. " +
      'Decode sequences of different lengths one after the other.',
  )
})
