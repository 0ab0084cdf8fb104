import type { TokenScorer } from '@qkv/nn'
import { ArgumentError, createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beamSearch,
  type BeamSearchOptions,
  type BeamSearchStep,
  greedySearch,
  type Hypothesis,
} from './index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))

/** Logits for the token after some others. */
type Logits = (tokens: readonly number[]) => readonly number[]

/** A model that is a function of all tokens so far, and remembers nothing else. */
class FunctionScorer implements TokenScorer {
  readonly vocabularySize: number
  disposals = 0
  advances = 0
  #rows: number[][] = []
  readonly #logits: Logits

  constructor(vocabularySize: number, logits: Logits) {
    this.vocabularySize = vocabularySize
    this.#logits = logits
  }

  advance(tokens: readonly (readonly number[])[]): Tensor {
    this.advances += 1
    this.#rows = tokens.map((added, row) => [...(this.#rows[row] ?? []), ...added])
    return device.tensor(this.#rows.map((row) => [...this.#logits(row)]))
  }

  select(rows: readonly number[]): void {
    this.#rows = rows.map((row) => this.#rows[row]!)
  }

  dispose(): void {
    this.disposals += 1
  }
}

/** Logits that look random, the same for the same tokens. */
function logitsOf(seed: number, vocabularySize: number): Logits {
  return (tokens) => {
    const code = tokens.reduce((code, token) => (code * 31 + token + 1) % 9973, seed)
    return Array.from(
      { length: vocabularySize },
      (_, token) => 2.5 * Math.sin(code * 12.9898 + token * 78.233),
    )
  }
}

function logProbabilities(logits: readonly number[]): number[] {
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
  return logits.map((logit) => logit - total)
}

interface Setting {
  readonly logits: Logits
  readonly vocabularySize: number
  readonly prompt: readonly number[]
  readonly endId: number | 'none'
  readonly maximumTokens: number
  readonly lengthPenalty: number
}

const byScore = (a: Hypothesis, b: Hypothesis): number => b.score - a.score

function hypothesis({ endId, lengthPenalty }: Setting, tokens: readonly number[], sum: number): Hypothesis {
  const score = sum / tokens.length ** lengthPenalty
  return { tokens: tokens.at(-1) === endId ? tokens.slice(0, -1) : tokens, logProbability: sum, score }
}

/** Every sequence that ends, and every one that is cut off at the limit, best first. */
function allHypotheses(setting: Setting): Hypothesis[] {
  const { logits, prompt, endId, maximumTokens } = setting
  const extend = (tokens: readonly number[], sum: number): Hypothesis[] => {
    if (tokens.length > 0 && (tokens.at(-1) === endId || tokens.length === maximumTokens)) {
      return [hypothesis(setting, tokens, sum)]
    }
    const next = logProbabilities(logits([...prompt, ...tokens]))
    return next.flatMap((logProbability, token) => extend([...tokens, token], sum + logProbability))
  }
  return extend([], 0).toSorted(byScore)
}

/** Beam search as its definition reads, on whole sequences and without stopping early. */
function plainBeamSearch(setting: Setting, beams: number): Hypothesis[] {
  const { logits, prompt, endId, maximumTokens } = setting
  let open: { tokens: readonly number[]; sum: number }[] = [{ tokens: [], sum: 0 }]
  const results: Hypothesis[] = []
  for (let length = 1; length <= maximumTokens; length++) {
    const continued = open
      .flatMap(({ tokens, sum }) =>
        logProbabilities(logits([...prompt, ...tokens])).map((logProbability, token) => ({
          tokens: [...tokens, token],
          sum: sum + logProbability,
        })),
      )
      .toSorted((a, b) => b.sum - a.sum)
    const ended = (tokens: readonly number[]): boolean => tokens.at(-1) === endId
    for (const { tokens, sum } of continued.slice(0, beams)) {
      if (ended(tokens)) results.push(hypothesis(setting, tokens, sum))
    }
    open = continued.filter(({ tokens }) => !ended(tokens)).slice(0, beams)
  }
  results.push(...open.map(({ tokens, sum }) => hypothesis(setting, tokens, sum)))
  return results.toSorted(byScore).slice(0, beams)
}

async function search(
  setting: Setting,
  options: Pick<BeamSearchOptions, 'beams'> & Partial<BeamSearchOptions>,
): Promise<Hypothesis[]> {
  const { logits, vocabularySize, prompt, endId, maximumTokens, lengthPenalty } = setting
  const [best] = await beamSearch(new FunctionScorer(vocabularySize, logits), {
    prompts: [prompt],
    endId,
    maximumTokens,
    lengthPenalty,
    ...options,
  })
  return best!
}

/** With numbers that two orders of summation agree on. */
function rounded(hypotheses: readonly Hypothesis[]): Hypothesis[] {
  const round = (value: number): number => Number(value.toFixed(9))
  return hypotheses.map(({ tokens, logProbability, score }) => ({
    tokens,
    logProbability: round(logProbability),
    score: round(score),
  }))
}

const settings: fc.Arbitrary<Setting> = fc
  .record({
    seed: fc.nat(5000),
    vocabularySize: fc.integer({ min: 2, max: 4 }),
    maximumTokens: fc.integer({ min: 1, max: 4 }),
    lengthPenalty: fc.constantFrom(-0.5, 0, 0.6, 1, 2),
    ends: fc.boolean(),
  })
  .map(({ seed, vocabularySize, maximumTokens, lengthPenalty, ends }) => ({
    logits: logitsOf(seed, vocabularySize),
    vocabularySize,
    prompt: [seed % vocabularySize, 0],
    endId: ends ? seed % vocabularySize : ('none' as const),
    maximumTokens,
    lengthPenalty,
  }))

describe('beam search', () => {
  test('with enough beams it finds the best of all sequences', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const all = allHypotheses(setting)
        const beams = setting.vocabularySize ** setting.maximumTokens
        const nBest = Math.min(3, all.length)
        expect(rounded(await search(setting, { beams, nBest }))).toEqual(rounded(all.slice(0, nBest)))
      }),
      { numRuns: 60 },
    )
  })

  test('with few beams it is its definition, also where it stops early', async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.integer({ min: 1, max: 5 }), async (setting, beams) => {
        const got = await search(setting, { beams, nBest: beams })
        expect(rounded(got)).toEqual(rounded(plainBeamSearch(setting, beams)))
      }),
      { numRuns: 120 },
    )
  })

  test('what it finds when it stops at once is never better than what it is certain of', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const [certain] = await search(setting, { beams: 3 })
        const [enough] = await search(setting, { beams: 3, stopWhen: 'enough' })
        expect(certain!.score).toBeGreaterThanOrEqual(enough!.score - 1e-12)
      }),
      { numRuns: 60 },
    )
  })

  test('results are sorted, different, and possible', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const results = await search(setting, { beams: 5, nBest: 5 })
        expect(results).toEqual(results.toSorted(byScore))
        const texts = results.map(({ tokens }) => tokens.join())
        expect(new Set(texts).size).toBe(texts.length)
        expect(results.every(({ logProbability }) => Number.isFinite(logProbability))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('the score is the log-probability over the length with the end, to the power of the penalty', async () => {
    // Token 1 ends; each token has a fixed probability whatever came before.
    const logits: Logits = (tokens) => (tokens.length < 3 ? [Math.log(0.9), Math.log(0.1)] : [-9, 9])
    const setting = { logits, vocabularySize: 2, prompt: [0], endId: 1, maximumTokens: 5, lengthPenalty: 2 }
    const [best] = await search(setting, { beams: 1 })
    const logProbability = 2 * Math.log(0.9) - Math.log(1 + Math.exp(-18))
    expect(best!.tokens).toEqual([0, 0])
    expect(best!.logProbability).toBeCloseTo(logProbability, 9)
    expect(best!.score).toBeCloseTo(logProbability / 3 ** 2, 9)
  })

  test('prompts that are searched together do not disturb each other', async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.integer({ min: 1, max: 3 }), async (setting, beams) => {
        const { logits, vocabularySize, endId, maximumTokens, lengthPenalty } = setting
        const prompts = [
          [0, 1],
          [1, 1],
          [1, 0],
        ]
        const together = await beamSearch(new FunctionScorer(vocabularySize, logits), {
          prompts,
          endId,
          maximumTokens,
          lengthPenalty,
          beams,
          nBest: beams,
        })
        for (const [index, prompt] of prompts.entries()) {
          expect(together[index]).toEqual(await search({ ...setting, prompt }, { beams, nBest: beams }))
        }
      }),
      { numRuns: 40 },
    )
  })

  test('tokens that cannot be are never chosen', async () => {
    const logits: Logits = (tokens) => [-Infinity, 0, tokens.length > 2 ? 5 : -Infinity]
    const setting = { logits, vocabularySize: 3, prompt: [1], endId: 2, maximumTokens: 4, lengthPenalty: 0 }
    const results = await search(setting, { beams: 4, nBest: 4 })
    expect(results.map(({ tokens }) => tokens)).toEqual([
      [1, 1],
      [1, 1, 1],
      [1, 1, 1, 1],
    ])
  })
})

describe('greedy search', () => {
  test('is beam search with one beam that takes the first result', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const { logits, vocabularySize, endId, maximumTokens } = setting
        const prompts = [
          [0, 1],
          [1, 1],
        ]
        const greedy = await greedySearch(new FunctionScorer(vocabularySize, logits), {
          prompts,
          endId,
          maximumTokens,
        })
        for (const [index, prompt] of prompts.entries()) {
          const [best] = await search({ ...setting, prompt }, { beams: 1, stopWhen: 'enough' })
          expect(greedy[index]).toEqual(best!.tokens)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('goes on with those that have not ended', async () => {
    // The last token counts down; 0 ends.
    const logits: Logits = (tokens) => [0, 1, 2, 3].map((token) => (token === tokens.at(-1)! - 1 ? 9 : 0))
    const results = await greedySearch(new FunctionScorer(4, logits), {
      prompts: [[2], [1], [3]],
      endId: 0,
      maximumTokens: 9,
    })
    expect(results).toEqual([[1], [], [2, 1]])
  })
})

describe.each([
  [
    'greedySearch',
    (scorer: TokenScorer, options: Parameters<typeof greedySearch>[1]) => greedySearch(scorer, options),
  ],
  [
    'beamSearch',
    (scorer: TokenScorer, options: Parameters<typeof greedySearch>[1]) =>
      beamSearch(scorer, { ...options, beams: 2 }).then((results) =>
        results.map(([best]) => [...best!.tokens]),
      ),
  ],
] as const)('%s', (name, run) => {
  const always: Logits = () => [0, 1, 0.5]
  const options = { prompts: [[0], [1]], endId: 2, maximumTokens: 6 } as const

  test('stops when it is aborted, with what there is', async () => {
    const signal = { aborted: false }
    const scorer = new FunctionScorer(3, (tokens) => {
      signal.aborted = tokens.length >= 4
      return always(tokens)
    })
    const results = await run(scorer, { ...options, endId: 'none', signal })
    expect(results).toEqual([
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ])
    expect([scorer.advances, scorer.disposals]).toEqual([4, 1])
  })

  test('disposes the scorer and every tensor, also when something fails', async () => {
    const before = device.memory().liveBuffers
    const fine = new FunctionScorer(3, always)
    await run(fine, options)
    const failing = new FunctionScorer(3, (tokens) => {
      if (tokens.length > 2) throw new Error('the model failed')
      return always(tokens)
    })
    await expect(run(failing, options)).rejects.toThrow('the model failed')
    const refused = new FunctionScorer(3, always)
    await expect(run(refused, { ...options, prompts: [] })).rejects.toThrow(ArgumentError)
    expect([fine, failing, refused].map(({ disposals }) => disposals)).toEqual([1, 1, 1])
    expect(device.memory().liveBuffers).toBe(before)
  })

  test.each<[Partial<typeof options> | object, string]>([
    [
      { prompts: [] },
      "'prompts' is empty, expected at least one prompt, each with equally many tokens. " +
        'Start with the begin token, and search prompts of different lengths one after the other.',
    ],
    [{ prompts: [[]] }, "'prompts' is empty"],
    [{ prompts: [[1], [1, 2]] }, "'prompts' has 2 tokens at index 1, and 1 at index 0"],
    [{ maximumTokens: 0 }, "'maximumTokens' is 0, expected a whole number of at least 1. Give a count."],
    [{ maximumTokens: Number.NaN }, "'maximumTokens' is NaN"],
  ])('refuses %o', async (change, message) => {
    await expect(run(new FunctionScorer(3, always), { ...options, ...change })).rejects.toThrow(
      `${name}: ${message}`,
    )
  })
})

describe('onStep', () => {
  test('tells after each step what a search with that limit would return', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0, 0.5, 1),
        async (seed, beams, lengthPenalty) => {
          const options = { prompts: [[0], [2]], endId: 1, beams, lengthPenalty }
          const scorer = (): FunctionScorer => new FunctionScorer(4, logitsOf(seed, 4))
          const steps: BeamSearchStep[] = []
          const onStep = (step: BeamSearchStep): void => void steps.push(step)
          const results = await beamSearch(scorer(), { ...options, maximumTokens: 5, onStep })
          expect(steps.map(({ length }) => length)).toEqual(steps.map((_, index) => index + 1))
          for (const { length, best } of steps) {
            const stopped = await beamSearch(scorer(), { ...options, maximumTokens: length })
            expect(best.map(({ score }) => score)).toEqual(stopped.map(([first]) => first!.score))
            expect(best.map(({ tokens }) => tokens)).toEqual(stopped.map(([first]) => first!.tokens))
          }
          expect(steps.at(-1)!.best.map(({ tokens }) => tokens)).toEqual(
            results.map(([first]) => first!.tokens),
          )
        },
      ),
    )
  })

  test('is waited for', async () => {
    const order: string[] = []
    const scorer = new FunctionScorer(3, (tokens) => {
      order.push(`score ${tokens.length}`)
      return [0, -9, 0]
    })
    await beamSearch(scorer, {
      prompts: [[0]],
      endId: 1,
      beams: 1,
      maximumTokens: 3,
      async onStep({ length }) {
        for (let turn = 0; turn < 20; turn += 1) await undefined
        order.push(`told ${length}`)
      },
    })
    expect(order).toEqual(['score 1', 'told 1', 'score 2', 'told 2', 'score 3', 'told 3'])
  })
})

test.each<[Partial<BeamSearchOptions>, string]>([
  [{ beams: 0 }, "'beams' is 0"],
  [{ beams: 1.5 }, "'beams' is 1.5"],
  [{ nBest: 0 }, "'nBest' is 0"],
  [
    { beams: 2, nBest: 3 },
    "beamSearch: 'nBest' is 3, expected at most the 2 beams. Search with more beams, or ask for fewer results.",
  ],
])('beam search refuses %o', async (change, message) => {
  const options = { prompts: [[0]], endId: 1, maximumTokens: 3, beams: 2, ...change }
  await expect(beamSearch(new FunctionScorer(2, () => [0, 1]), options)).rejects.toThrow(message)
})
