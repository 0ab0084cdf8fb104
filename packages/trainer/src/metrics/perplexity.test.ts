import { describe, expect, it } from 'vitest'
import { perplexity } from './perplexity.ts'

describe('perplexity', () => {
  it('is the number of equally likely tokens', () => {
    expect(perplexity(Math.log(8) * 100, 100)).toBeCloseTo(8, 12)
    expect(perplexity(0, 3)).toBe(1)
  })

  it('needs a token', () => {
    expect(() => perplexity(1, 0)).toThrow(
      "perplexity: 'tokenCount' is 0, expected at least one token. Check that the evaluation data is not empty or all padding.",
    )
    expect(() => perplexity(1, Number.NaN)).toThrow("'tokenCount' is NaN")
  })
})
