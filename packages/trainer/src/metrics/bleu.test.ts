import { ArgumentError } from '@qkv/tensor'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BleuOptions, corpusBleu, sentenceBleu } from './bleu.ts'

const hypotheses = ['The cat (sat) on the mat.', 'Hello, world']
const references = [['the cat "sat" on a mat.', 'Hello world!']]
const chineseHypotheses = ['我喜欢机器学习。', '他每天早上六点起床，然后去跑步。', '这本书很有意思']
const chineseReferences = [
  ['我很喜欢机器学习。', '他每天早晨六点钟起床，然后跑步。', '这本书真有意思！'],
  ['我爱机器学习。', '他每天六点起床后去跑步。', ''],
]

const sentence = fc
  .array(fc.constantFrom('the', 'a', 'cat', 'sat', 'mat', '.', '我', '爱', '3.5', 'x-y'), {
    minLength: 1,
    maxLength: 12,
  })
  .map((words) => words.join(' '))
const pairs = fc.array(fc.tuple(sentence, sentence, sentence), { minLength: 1, maxLength: 8 })

/** The length that four tokens are measured against. */
function referenceLength(...references: string[]): number {
  const streams = references.map((text) => [text])
  return corpusBleu(['a b c d'], streams).referenceLength
}

describe('corpusBleu', () => {
  it.each<[options: BleuOptions, score: number]>([
    [{}, 11.478744233307168],
    [{ lowercase: true }, 13.650604313545339],
    [{ smoothing: 'none' }, 0],
    [{ smoothing: { floor: 0.1 } }, 6.104735835807844],
    [{ smoothing: { addK: 2 } }, 30.213753973567677],
    [{ maximumOrder: 2 }, 25.819888974716118],
    [{ effectiveOrder: true }, 11.478744233307168],
  ])('with %j gives the score of sacreBLEU', (options, score) => {
    expect(corpusBleu(hypotheses, references, options).score).toBeCloseTo(score, 10)
  })

  it('gives the figures of sacreBLEU for Chinese, with a reference missing', () => {
    for (const tokenizer of ['zh', 'char'] as const) {
      const { score, ...figures } = corpusBleu(chineseHypotheses, chineseReferences, { tokenizer })
      expect(score).toBeCloseTo(69.81087559919875, 10)
      expect(figures).toMatchObject({ counts: [29, 23, 17, 10], totals: [31, 28, 25, 22], brevityPenalty: 1 })
      expect(figures).toMatchObject({ hypothesisLength: 31, referenceLength: 31 })
    }
    expect(corpusBleu(chineseHypotheses, chineseReferences).score).toBe(0)
  })

  it('follows the definition by hand: matches are clipped, and short output is penalised', () => {
    // Papineni et al. 2002, section 2.1: "the" is in one reference twice, so 2 of 7 count.
    const the = corpusBleu(
      ['the the the the the the the'],
      [['The cat is on the mat'], ['There is a cat on the mat']],
      {
        lowercase: true,
      },
    )
    expect([the.counts[0], the.totals[0]]).toEqual([2, 7])
    const short = corpusBleu(['a b c d'], [['a b c d e f g h']])
    expect(short.score).toBeCloseTo(100 * Math.exp(1 - 8 / 4), 10)
    expect(short.precisions).toEqual([100, 100, 100, 100])
  })

  it('measures length against the closest reference, and the shorter of two', () => {
    expect(referenceLength('a b', 'a b c d e')).toBe(5)
    expect(referenceLength('a b c d e', 'a b c')).toBe(3)
    expect(referenceLength('a b c', 'a b c d e')).toBe(3)
  })

  it('takes any function as tokenizer', () => {
    expect(
      corpusBleu(['ab cd'], [['ab-cd']], { tokenizer: (text) => text.split(/\W/), maximumOrder: 2 }).score,
    ).toBeCloseTo(100, 10)
  })

  it('is 100 for texts that equal a reference, if they have 4 tokens', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const texts = rows.map(([text]) => `${text} and so on`)
        expect(corpusBleu(texts, [rows.map(([, other]) => other), texts]).score).toBeCloseTo(100, 9)
      }),
    )
  })

  it('does not change when sentences are shuffled or references change places', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), (rows, turn) => {
        const turned = rows.map((_, index) => rows[(index + turn) % rows.length]!).toReversed()
        const score = (order: typeof rows, first: 1 | 2, second: 1 | 2): object =>
          corpusBleu(
            order.map(([text]) => text),
            [order.map((row) => row[first]), order.map((row) => row[second])],
          )
        expect(score(turned, 2, 1)).toEqual(score(rows, 1, 2))
      }),
    )
  })

  it('stays within bounds, and gains from another reference of the same length', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom('13a', 'zh', 'char', 'none'), (rows, tokenizer) => {
        const texts = rows.map(([text]) => text)
        const first = rows.map(([, reference]) => reference)
        const reversed = first.map((text) => text.split(' ').toReversed().join(' '))
        const one = corpusBleu(texts, [first], { tokenizer, smoothing: 'none' })
        const two = corpusBleu(texts, [first, reversed], { tokenizer, smoothing: 'none' })
        expect(one.score).toBeGreaterThanOrEqual(0)
        expect(two.score).toBeLessThanOrEqual(100 + 1e-9)
        expect(one.brevityPenalty).toBeLessThanOrEqual(1)
        expect(one.counts.every((count, order) => count <= one.totals[order]!)).toBe(true)
        expect(two.counts.every((count, order) => count >= one.counts[order]!)).toBe(true)
      }),
    )
  })

  it('explains lists that do not fit, and options it does not know', () => {
    expect(() => corpusBleu([], [])).toThrow(
      "corpusBleu: 'hypotheses' is empty, expected at least one text. Pass the outputs of the model.",
    )
    expect(() => corpusBleu(['a', 'b'], [['a', 'b'], ['a']])).toThrow(
      "corpusBleu: 'references[1]' has 1 texts, expected 2, one per hypothesis. Pass a list of streams: references[stream][sentence].",
    )
    expect(() => corpusBleu(['a', 'b'], [['a', '']])).toThrow(
      "corpusBleu: 'references' has nothing for sentence 1",
    )
    expect(() => corpusBleu(['a'], [])).toThrow("corpusBleu: 'references' has nothing for sentence 0")
    expect(() => corpusBleu(['a'], [['a']], { tokenizer: 'toString' as never })).toThrow(
      `corpusBleu: 'tokenizer' is "toString", expected a function, or one of 13a, zh, char, none. Use zh or char for Chinese, and 13a for most others.`,
    )
    expect(() => corpusBleu(['a'], [['a']], { maximumOrder: 0 })).toThrow(
      "corpusBleu: 'maximumOrder' is 0, expected a whole number of 1 or more.",
    )
    for (const smoothing of [
      'method1',
      {},
      { floor: 0 },
      { addK: Number.NaN },
      { floor: 1, addK: 1 },
      null,
    ]) {
      expect(() => corpusBleu(['a'], [['a']], { smoothing: smoothing as never })).toThrow(ArgumentError)
    }
  })
})

describe('sentenceBleu', () => {
  it('gives full marks to a short perfect sentence, unless told otherwise', () => {
    expect(sentenceBleu('two words', ['other', 'two words']).score).toBeCloseTo(100, 10)
    expect(sentenceBleu('two words', ['two words'], { effectiveOrder: false }).score).toBe(0)
  })

  it('names itself in errors', () => {
    expect(() => sentenceBleu('a', [''])).toThrow("sentenceBleu: 'references' has nothing for sentence 0")
  })
})
