import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Tokenizer } from '@qkv/tokenizer'
import { encodeSource, encodeTarget, specialIds } from '../tokens/tokenizers.ts'
import { encodePairs, trainTokenizers } from './train-tokenizers.ts'

const settings = { type: 'byte-level-bpe', vocabularySize: 300 } as const
const pairs = [
  { source: '机器学习', target: 'machine learning' },
  { source: '什么是机器学习？', target: 'What is machine learning?' },
  { source: '机器', target: 'machine' },
]
const shared = trainTokenizers(pairs, { shared: true, source: settings, target: settings })

describe('trainTokenizers', () => {
  test('gives one tokenizer for both languages, or one for each', () => {
    expect(shared.source).toBe(shared.target)
    const separate = trainTokenizers(pairs, { shared: false, source: settings, target: settings })
    expect(separate.source).not.toBe(separate.target)
    expect(separate.target.encode('machine').ids).toHaveLength(1)
    expect(separate.source.encode('machine').ids.length).toBeGreaterThan(1)
  })

  test('special tokens take the first ids', () => {
    expect(specialIds(shared.target)).toEqual({ paddingId: 0, beginId: 1, endId: 2 })
  })

  test('a word is the same token at the start of a text and inside it', () => {
    const [word] = shared.target.encode('machine').ids
    expect(shared.target.encode('machine').ids).toHaveLength(1)
    expect(shared.target.encode('What is machine learning?').ids).toContain(word)
  })

  test('decoding gives every text back, also when the tokenizer was stored', () => {
    const stored = Tokenizer.fromJSON(JSON.stringify(shared.target))
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(shared.target.decode(shared.target.encode(text).ids)).toBe(text)
        expect(stored.decode(stored.encode(text).ids)).toBe(text)
      }),
    )
  })
})

test('sources end with the end, targets also begin with the begin', () => {
  const source = encodeSource(shared, '机器')
  const target = encodeTarget(shared, 'machine')
  expect(source.at(-1)).toBe(2)
  expect([target[0], target.at(-1), target.length]).toEqual([1, 2, 3])
  expect(encodePairs(shared, [{ source: '机器', target: 'machine' }])).toEqual([{ source, target }])
})
