import type { TokenScorer } from '@qkv/nn'
import { ArgumentError, createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterProbabilities, sample, type SampleOptions, type SamplingFilters } from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))

/** The same logits at every step, for one sequence. */
function constantScorer(logits: readonly number[]): TokenScorer & { disposals: number; advances: number } {
  return {
    vocabularySize: logits.length,
    disposals: 0,
    advances: 0,
    advance() {
      this.advances += 1
      return device.tensor([[...logits]])
    },
    select() {
      throw new Error('nothing is selected while sampling')
    },
    dispose() {
      this.disposals += 1
    },
  }
}

async function draw(
  scorer: TokenScorer,
  options: Partial<SampleOptions> & { readonly seed: number },
): Promise<number[]> {
  const tokens: number[] = []
  for await (const token of sample(scorer, { prompt: [0], endId: 'none', maximumTokens: 8, ...options })) {
    tokens.push(token)
  }
  return tokens
}

function rounded(probabilities: Float64Array): number[] {
  return Array.from(probabilities, (probability) => Number(probability.toFixed(6)))
}

describe('filters', () => {
  const logits = [Math.log(4), Math.log(2), Math.log(1), Math.log(1)]

  test.each<[SamplingFilters, readonly number[]]>([
    [{}, [0.5, 0.25, 0.125, 0.125]],
    [{ temperature: 0.5 }, [16 / 22, 4 / 22, 1 / 22, 1 / 22]],
    [{ topK: 2 }, [2 / 3, 1 / 3, 0, 0]],
    // Of equals, the one that comes first stays.
    [{ topK: 3 }, [4 / 7, 2 / 7, 1 / 7, 0]],
    [{ topK: 9 }, [0.5, 0.25, 0.125, 0.125]],
    // The token that reaches the mass is in; one that comes when it is reached is not.
    [{ topP: 0.5 }, [1, 0, 0, 0]],
    [{ topP: 0.51 }, [2 / 3, 1 / 3, 0, 0]],
    [{ topP: 1e-9 }, [1, 0, 0, 0]],
    // Top-p counts within what top-k has left: 0.6 of [2/3, 1/3] is the first.
    [{ topK: 2, topP: 0.6 }, [1, 0, 0, 0]],
    [{ temperature: 0.5, topK: 3, topP: 0.9 }, [16 / 20, 4 / 20, 0, 0]],
  ])('%o', (filters, wanted) => {
    expect(rounded(filterProbabilities(logits, filters))).toEqual(
      wanted.map((probability) => Number(probability.toFixed(6))),
    )
  })

  test('huge and impossible logits are no problem', () => {
    expect([...filterProbabilities([2000, 1000, -Infinity], {})]).toEqual([1, 0, 0])
  })

  test('what is kept sums to 1 and keeps its proportions', () => {
    const anyLogit = fc.integer({ min: -8000, max: 8000 }).map((thousandths) => thousandths / 1000)
    const anyLogits = fc.array(anyLogit, { minLength: 1, maxLength: 20 })
    const filters = fc.record({
      temperature: fc.double({ min: 0.1, max: 5, noNaN: true }),
      topK: fc.integer({ min: 1, max: 25 }),
      topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(anyLogits, filters, (logits, filters) => {
        const probabilities = filterProbabilities(logits, filters)
        const total = probabilities.reduce((sum, probability) => sum + probability, 0)
        expect(total).toBeCloseTo(1, 12)
        const kept = [...probabilities.keys()].filter((token) => probabilities[token]! > 0)
        expect(kept.length).toBeLessThanOrEqual(filters.topK)
        const [first] = kept
        for (const token of kept) {
          const ratio = Math.exp((logits[token]! - logits[first!]!) / filters.temperature)
          expect(probabilities[token]! / probabilities[first!]! / ratio).toBeCloseTo(1, 9)
        }
        const lowestKept = Math.min(...kept.map((token) => logits[token]!))
        const dropped = logits.filter((_, token) => !kept.includes(token))
        expect(dropped.every((logit) => logit <= lowestKept)).toBe(true)
      }),
    )
  })

  test.each<[SamplingFilters, string]>([
    [
      { temperature: 0 },
      "sample: 'temperature' is 0, expected a number above 0. For the most probable token each time, use `greedySearch`.",
    ],
    [{ temperature: Number.NaN }, "'temperature' is NaN"],
    [{ temperature: Infinity }, "'temperature' is Infinity"],
    [
      { topK: 0 },
      "sample: 'topK' is 0, expected a whole number of at least 1. Leave it out to allow every token.",
    ],
    [{ topK: 1.5 }, "'topK' is 1.5"],
    [
      { topP: 0 },
      "sample: 'topP' is 0, expected a number above 0, up to 1. Leave it out to allow every token.",
    ],
    [{ topP: 1.1 }, "'topP' is 1.1"],
  ])('%o is refused', (filters, message) => {
    expect(() => filterProbabilities(logits, filters)).toThrow(ArgumentError)
    expect(() => filterProbabilities(logits, filters)).toThrow(message)
  })
})

describe('sampling', () => {
  const logits = [1.2, 0.3, -0.5, 0.9, -2, 0]

  test('the same seed gives the same tokens, another seed others', async () => {
    const run = (seed: number): Promise<number[]> => draw(constantScorer(logits), { seed, maximumTokens: 20 })
    expect(await run(7)).toEqual(await run(7))
    expect(await run(7)).not.toEqual(await run(8))
    expect(await run(7)).toHaveLength(20)
  })

  test.each<[SamplingFilters, number]>([
    // Degrees of freedom, and the value that chance exceeds once in a thousand.
    [{}, 20.52],
    [{ temperature: 2 }, 20.52],
    [{ topK: 3 }, 13.82],
    [{ topP: 0.8 }, 13.82],
  ])('frequencies are the filtered probabilities: %o', async (filters, critical) => {
    const probabilities = filterProbabilities(logits, filters)
    const counts = new Array<number>(logits.length).fill(0)
    const draws = 3000
    const tokens = await draw(constantScorer(logits), { seed: 11, maximumTokens: draws, ...filters })
    for (const token of tokens) counts[token]! += 1
    const impossible = counts.filter((_, token) => probabilities[token] === 0)
    expect(impossible.every((count) => count === 0)).toBe(true)
    const statistic = counts.reduce((sum, count, token) => {
      const expected = draws * probabilities[token]!
      return expected === 0 ? sum : sum + (count - expected) ** 2 / expected
    }, 0)
    expect(statistic).toBeLessThan(critical)
  })

  test('ends at the end token, which is not given out', async () => {
    const scorer = constantScorer([0, 50])
    expect(await draw(scorer, { seed: 1, endId: 1 })).toEqual([])
    expect([scorer.advances, scorer.disposals]).toEqual([1, 1])
  })

  test('stops between two tokens when it is aborted', async () => {
    const signal = { aborted: false }
    const scorer = constantScorer([0, 50])
    const tokens: number[] = []
    const options = { prompt: [0], endId: 'none', maximumTokens: 9, seed: 1, signal } as const
    for await (const token of sample(scorer, options)) {
      tokens.push(token)
      signal.aborted = tokens.length === 3
    }
    expect(tokens).toEqual([1, 1, 1])
    expect([scorer.advances, scorer.disposals]).toEqual([3, 1])
  })

  test('a reader that leaves, an error and a bad option all dispose the scorer, and nothing is left', async () => {
    const before = device.memory().liveBuffers
    const left = constantScorer(logits)
    for await (const token of sample(left, { prompt: [0], endId: 'none', maximumTokens: 9, seed: 1 })) {
      expect(token).toBeLessThan(6)
      break
    }
    const refused = constantScorer(logits)
    await expect(draw(refused, { seed: 1, topK: 0 })).rejects.toThrow("'topK' is 0")
    const empty = constantScorer(logits)
    await expect(draw(empty, { seed: 1, prompt: [] })).rejects.toThrow("sample: 'prompts' is empty")
    expect([left, refused, empty].map(({ disposals }) => disposals)).toEqual([1, 1, 1])
    expect(device.memory().liveBuffers).toBe(before)
  })
})
