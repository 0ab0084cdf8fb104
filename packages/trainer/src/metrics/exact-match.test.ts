import { describe, expect, it } from 'vitest'
import { exactMatch } from './exact-match.ts'

describe('exactMatch', () => {
  it('counts hypotheses that equal one of their references', () => {
    const references = [
      ['machine learning', 'the car', 'a b'],
      ['ML', 'a car', ''],
    ]
    expect(exactMatch(['machine learning', 'a car', 'a  b'], references)).toEqual({
      score: 200 / 3,
      matches: 2,
      total: 3,
    })
  })

  it('takes spaces and case as they are, unless told how to normalise', () => {
    expect(exactMatch(['Hello '], [['hello']]).score).toBe(0)
    expect(
      exactMatch(['Hello '], [['hello']], { normalize: (text) => text.trim().toLowerCase() }).score,
    ).toBe(100)
  })

  it('explains lists that do not fit', () => {
    expect(() => exactMatch(['a'], [['a', 'b']])).toThrow(
      "exactMatch: 'references[0]' has 2 texts, expected 1",
    )
  })
})
