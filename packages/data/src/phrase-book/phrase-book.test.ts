import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { generatePairs } from './generate.ts'
import { wordsOf } from './held-out.ts'
import { patterns } from './patterns/index.ts'
import { phraseBook } from './phrase-book.ts'
import { phrases } from './phrases/index.ts'

const { train, test: held } = phraseBook({ seed: 1 })
const everything = [...train, ...held]

describe('phraseBook', () => {
  test('is the same corpus for seed 1, always', () => {
    const hash = createHash('sha256')
    for (const { source, target } of everything) hash.update(`${source}\t${target}\n`)
    expect(hash.digest('hex')).toBe('066757ce60e8a8bf9b2afb0fdad0af0ecdd2595fef6ac9b56cf99c20032f7d89')
    expect(phraseBook()).toEqual({ train, test: held })
  })

  test('has its promised size', () => {
    expect(train).toHaveLength(8500 + phrases.length)
    expect(held).toHaveLength(500)
    expect(patterns.length).toBeGreaterThan(40)
    expect(phrases.length).toBeGreaterThanOrEqual(400)
  })

  test('translates each source in one way', () => {
    expect(new Set(everything.map(({ source }) => source)).size).toBe(everything.length)
  })

  test('translates each target back in one way, but for a few', () => {
    const ambiguous = everything.length - new Set(everything.map(({ target }) => target)).size
    expect(ambiguous).toBeLessThanOrEqual(5)
  })

  test('keeps test sources and targets out of training', () => {
    const sources = new Set(train.map(({ source }) => source))
    const targets = new Set(train.map(({ target }) => target))
    expect(held.filter(({ source, target }) => sources.has(source) || targets.has(target))).toEqual([])
  })

  test('knows from training every word that it tests, at least five times', () => {
    const counts = new Map<string, number>()
    for (const word of train.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1)
    expect(held.flatMap(wordsOf).filter((word) => (counts.get(word) ?? 0) < 5)).toEqual([])
  })

  test.each([
    ['机器学习', 'machine learning'],
    ['深度学习', 'deep learning'],
    ['注意力机制', 'attention mechanism'],
    ['自然语言处理', 'natural language processing'],
    ['神经网络', 'neural network'],
    ['我爱你', 'I love you'],
    ['你爱我', 'you love me'],
  ])('teaches %s: %s', (source, target) => {
    expect(train).toContainEqual({ source, target })
  })

  test('cannot be translated without reading the source: shuffled targets have little in common', () => {
    const targets = held.map(({ target }) => englishTokens(target))
    for (const distance of [1, 7, 250]) {
      const others = targets.map((_, index) => targets[(index + distance) % targets.length] ?? [])
      expect(bleu(others, targets)).toBeLessThan(12)
    }
    expect(bleu(targets, targets)).toBeCloseTo(100)
  })

  test('writes sentences with their marks, and words without', () => {
    const marks = new Map([
      ['。', '.'],
      ['？', '?'],
      ['！', '!'],
    ])
    for (const { source, target } of everything) {
      const mark = marks.get(source.slice(-1))
      expect(source).toMatch(/^[\p{Script=Han}，]+[。？！]?$/u)
      expect(target).toMatch(mark === undefined ? /^[\w' -]+$/ : new RegExp(`^[A-Z][\\w', -]*\\${mark}$`))
      expect(target).not.toMatch(/ {2}|^ | $|undefined|\b(a [aeio]|an [^aeiou])/)
    }
  })

  test('is short and has a moderate vocabulary', () => {
    const lengths = everything.map(({ target }) => target.split(' ').length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(16)
    expect(lengths.filter((length) => length > 12).length / lengths.length).toBeLessThan(0.01)
    const english = new Set(
      everything.flatMap(({ target }) => target.toLowerCase().match(/[a-z0-9']+/g) ?? []),
    )
    expect(english.size).toBeGreaterThan(500)
    expect(english.size).toBeLessThan(950)
  })

  test('gives another corpus for another seed', () => {
    const other = phraseBook({ seed: 2 })
    expect(other.test).not.toEqual(held)
    expect([other.train.length, other.test.length]).toEqual([train.length, held.length])
  })

  test('refuses a seed that is none', () => {
    expect(() => phraseBook({ seed: -1 })).toThrow("'seed' is -1, expected a whole number of at least 0")
  })
})

describe('the grammar', () => {
  test('never gives a source two targets, whichever words are drawn', () => {
    const targets = new Map(phrases.map(({ source, target }) => [source, target]))
    for (let seed = 0; seed < 40; seed += 1) {
      // Drawn anew for each seed, with nothing taken: other seeds and patterns meet the same sources.
      for (const { source, target } of generatePairs(patterns, { count: 2000, seed, taken: new Set() })) {
        expect(targets.get(source) ?? target).toBe(target)
        targets.set(source, target)
      }
    }
    expect(targets.size).toBeGreaterThan(40000)
  })

  test('names its patterns apart', () => {
    expect(new Set(patterns.map(({ name }) => name)).size).toBe(patterns.length)
  })
})

function englishTokens(text: string): string[] {
  return text.match(/[\w'-]+|[^\w\s]/g) ?? []
}

/** Corpus BLEU-4 in percent, one reference each; one is added to counts above unigrams, lest a zero hide the rest. */
function bleu(candidates: readonly string[][], references: readonly string[][]): number {
  const precisions = [1, 2, 3, 4].map((order) => {
    let matches = order > 1 ? 1 : 0
    let possible = matches
    for (const [index, candidate] of candidates.entries()) {
      const left = ngrams(references[index] ?? [], order)
      for (const ngram of ngrams(candidate, order)) {
        possible += 1
        const found = left.indexOf(ngram)
        if (found >= 0) left.splice(found, 1)
        if (found >= 0) matches += 1
      }
    }
    return matches / possible
  })
  const brevity = Math.min(1, Math.exp(1 - references.flat().length / candidates.flat().length))
  return 100 * brevity * precisions.reduce((product, precision) => product * precision, 1) ** (1 / 4)
}

function ngrams(tokens: readonly string[], order: number): string[] {
  return tokens.slice(order - 1).map((_, index) => tokens.slice(index, index + order).join(' '))
}
