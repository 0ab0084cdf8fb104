import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChrfOptions, corpusChrf, sentenceChrf } from './chrf.ts'

const hypotheses = ['The cat (sat) on the mat.', 'Hello, world']
const references = [['the cat "sat" on a mat.', 'Hello world!']]
const chineseHypotheses = ['我喜欢机器学习。', '他每天早上六点起床，然后去跑步。', '这本书很有意思']
const chineseReferences = [
  ['我很喜欢机器学习。', '他每天早晨六点钟起床，然后跑步。', '这本书真有意思！'],
  ['我爱机器学习。', '他每天六点起床后去跑步。', ''],
]

describe('corpusChrf', () => {
  it.each<[options: ChrfOptions, english: number, chinese: number]>([
    [{}, 41.58223589643397, 47.86108448076666],
    [{ wordOrder: 1 }, 44.73930326251334, 41.023786697800006],
    [{ wordOrder: 2 }, 40.536533073145534, 41.023786697800006],
    [{ whitespace: true }, 50.75138778592624, 47.86108448076666],
    [{ characterOrder: 3, beta: 1 }, 67.06376951456483, 70.40201120280756],
  ])('with %j gives the score of sacreBLEU', (options, english, chinese) => {
    expect(corpusChrf(hypotheses, references, options).score).toBeCloseTo(english, 10)
    expect(corpusChrf(chineseHypotheses, chineseReferences, options).score).toBeCloseTo(chinese, 10)
  })

  it('ignores case if told to', () => {
    const { score } = corpusChrf(hypotheses, references, { wordOrder: 2, lowercase: true })
    expect(score).toBeCloseTo(43.689164373100056, 10)
  })

  it('follows the definition by hand', () => {
    // Characters a b c against a b d: 2 of 3 match; pairs ab bc against ab bd: 1 of 2. Precision equals recall.
    expect(corpusChrf(['abc'], [['abd']], { characterOrder: 2 }).score).toBeCloseTo(
      (100 * (2 / 3 + 1 / 2)) / 2,
      10,
    )
    // a against a b: precision 1, recall 1/2, and F with beta 2 is 5 * 0.5 / (4 + 0.5).
    expect(corpusChrf(['a'], [['ab']], { characterOrder: 1 }).score).toBeCloseTo((100 * 2.5) / 4.5, 10)
  })

  const text = fc
    .string({ unit: fc.constantFrom('a', 'b', ' ', ',', '我', '\u{1F600}'), minLength: 1, maxLength: 20 })
    .map((middle) => `x${middle}`)
  const pairs = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 })

  it('is 100 for equal texts, within bounds for others, and blind to the order of sentences', () => {
    fc.assert(
      fc.property(pairs, fc.nat({ max: 2 }), fc.boolean(), (rows, wordOrder, whitespace) => {
        const options = { wordOrder, whitespace }
        const score = (order: typeof rows): number =>
          corpusChrf(
            order.map(([left]) => left),
            [order.map(([, right]) => right)],
            options,
          ).score
        expect(score(rows.map(([left]) => [left, left]))).toBeCloseTo(100, 9)
        expect(score(rows)).toBeGreaterThanOrEqual(0)
        expect(score(rows)).toBeLessThanOrEqual(100 + 1e-9)
        expect(score(rows.toReversed())).toBeCloseTo(score(rows), 9)
      }),
    )
  })

  it('explains what it cannot use', () => {
    expect(() => corpusChrf(['a'], [['a', 'b']])).toThrow(
      "corpusChrf: 'references[0]' has 2 texts, expected 1, one per hypothesis.",
    )
    expect(() => corpusChrf(['a'], [['a']], { characterOrder: 0 })).toThrow(
      "corpusChrf: 'characterOrder' is 0, expected a whole number of 1 or more.",
    )
    expect(() => corpusChrf(['a'], [['a']], { wordOrder: 1.5 })).toThrow(
      "corpusChrf: 'wordOrder' is 1.5, expected a whole number of 0 or more.",
    )
    expect(() => corpusChrf(['a'], [['a']], { beta: 0 })).toThrow(
      "corpusChrf: 'beta' is 0, expected a number above 0.",
    )
  })
})

describe('sentenceChrf', () => {
  it('takes the best of several references', () => {
    expect(sentenceChrf('two words', ['other', 'two words']).score).toBeCloseTo(100, 10)
    expect(sentenceChrf('abc', ['xyz']).score).toBe(0)
    expect(sentenceChrf('', ['xyz']).score).toBe(0)
  })
})
