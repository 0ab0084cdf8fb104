import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { trainBpe } from './bpe.ts'

/** The same training in plain loops: all pairs are counted anew before each merge. */
function trainPlainly(
  wordCounts: readonly (readonly [string, number])[],
  size: number,
  minimum: number,
): string[][] {
  const letters = new Set(wordCounts.flatMap(([word]) => [...word]))
  const tokens = [...letters].toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!)
  let words = wordCounts.map(([word, count]) => ({ symbols: [...word], count }))
  const merges: string[][] = []
  while (tokens.length < size) {
    const pairs = new Map<string, { left: number; right: number; count: number }>()
    for (const { symbols, count } of words) {
      for (const [index, symbol] of symbols.slice(0, -1).entries()) {
        const [left, right] = [tokens.indexOf(symbol), tokens.indexOf(symbols[index + 1]!)]
        const pair = pairs.get(`${left} ${right}`) ?? { left, right, count: 0 }
        pairs.set(`${left} ${right}`, { ...pair, count: pair.count + count })
      }
    }
    const [best] = [...pairs.values()].toSorted(
      (a, b) => b.count - a.count || a.left - b.left || a.right - b.right,
    )
    if (best === undefined || best.count < Math.max(1, minimum)) break
    const [left, right] = [tokens[best.left]!, tokens[best.right]!]
    merges.push([left, right])
    if (!tokens.includes(left + right)) tokens.push(left + right)
    words = words.map(({ symbols, count }) => ({ symbols: mergeAll(symbols, left, right), count }))
  }
  return merges
}

function mergeAll(symbols: readonly string[], left: string, right: string): string[] {
  const [first, second, ...rest] = symbols
  if (first === undefined) return []
  if (first === left && second === right) return [left + right, ...mergeAll(rest, left, right)]
  return [first, ...mergeAll(symbols.slice(1), left, right)]
}

test('any words: the merges are those of counting everything anew', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '学'), minLength: 1, maxLength: 9 })
  const words = fc.uniqueArray(fc.tuple(word, fc.integer({ min: 1, max: 5 })), {
    selector: ([text]) => text,
    maxLength: 8,
  })
  fc.assert(
    fc.property(words, fc.nat(30), fc.nat(4), (wordCounts, vocabularySize, minimumFrequency) => {
      const { merges, vocabulary } = trainBpe(wordCounts, { vocabularySize, minimumFrequency })
      expect(merges).toEqual(trainPlainly(wordCounts, vocabularySize, minimumFrequency))
      expect([...vocabulary.values()]).toEqual([...vocabulary.keys()].map((_, id) => id))
    }),
    { numRuns: 400 },
  )
})

test('ids: special tokens, then the alphabet by code point, then merges', () => {
  const trained = trainBpe([['ba', 3]], { vocabularySize: 6, specialTokens: ['<x>', '<a>'], alphabet: ['z'] })
  expect([...trained.vocabulary]).toEqual([
    ['<x>', 0],
    ['<a>', 1],
    ['a', 2],
    ['b', 3],
    ['z', 4],
    ['ba', 5],
  ])
})

test('progress is told up to the end', () => {
  const sizes: number[] = []
  trainBpe([['abcabc', 2]], { vocabularySize: 5, onProgress: (size) => sizes.push(size) })
  expect(sizes).toEqual([5])
})
