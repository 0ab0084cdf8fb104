import { readFileSync } from 'node:fs'
import { trainBpe } from '@qkv/tokenizer'
import { describe, expect, test } from 'vitest'
import { runTokenizerCase, type TokenizerCase, type TokenizerSpecs } from './tokenizers.ts'

const group = JSON.parse(readFileSync(new URL('../../cases/tokenizers.json', import.meta.url), 'utf8')) as {
  cases: (TokenizerCase & { expected: { merges: unknown } })[]
  specs: TokenizerSpecs
  count: number
}

describe('golden tokenizers', () => {
  test('the group is whole', () => {
    expect(group.cases).toHaveLength(group.count)
  })

  for (const operation of new Set(group.cases.map(({ op }) => op))) {
    const cases = group.cases.filter(({ op }) => op === operation)
    test(`${operation}: all ${cases.length} cases match`, () => {
      const failures = cases.flatMap((testCase) => {
        const difference = runTokenizerCase(testCase, group.specs)
        return difference === null ? [] : [`${testCase.name}: ${difference}`]
      })
      expect(failures).toEqual([])
    })
  }

  test('an operation without an adapter is a failure', () => {
    expect(runTokenizerCase({ name: 'x', op: 'translate' }, {})).toContain(`'translate'`)
  })

  test('training breaks ties as the reference library does', () => {
    const training = group.cases.find(({ op }) => op === 'train_bpe')!
    const words = Object.entries(training.word_counts!)
    const merges = training.expected.merges as unknown[]
    const alphabet = new Set(words.flatMap(([word]) => [...word]))
    expect(trainBpe(words, { vocabularySize: alphabet.size + merges.length }).merges).toEqual(merges)
  })
})
