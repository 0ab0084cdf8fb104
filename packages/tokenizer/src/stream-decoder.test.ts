import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tokenizer } from './tokenizer.ts'
import { trainByteLevelBpe } from './trainers/byte-level-bpe.ts'

const byteLevel = trainByteLevelBpe(['学习学习 machine learning machine 🤖🤖'], {
  vocabularySize: 280,
  specialTokens: ['<eos>'],
})

const fallback = Tokenizer.fromJSON({
  decoder: {
    type: 'Sequence',
    decoders: [
      { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      { type: 'Strip', content: ' ', start: 1, stop: 0 },
    ],
  },
  model: {
    type: 'BPE',
    byte_fallback: true,
    vocab: Object.fromEntries(
      [
        '▁',
        'a',
        ...Array.from(
          { length: 256 },
          (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
        ),
      ].map((token, id) => [token, id]),
    ),
    merges: [],
  },
})

function stream(tokenizer: Tokenizer, ids: readonly number[]): string[] {
  const decoder = tokenizer.createStreamDecoder()
  return [...ids.map((id) => decoder.push(id)), decoder.finish()]
}

test('a character comes when its last byte has come', () => {
  const bytes = [...'é学🤖!'].flatMap((one) => byteLevel.encode(one).ids)
  const parts = stream(byteLevel, bytes)
  expect(parts.join('')).toBe('é学🤖!')
  expect(parts.every((part) => !part.includes('\uFFFD'))).toBe(true)
})

test('the parts of any text make the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(byteLevel, fallback), (text, tokenizer) => {
      const source =
        tokenizer === fallback ? text.replaceAll(/[^a-]/gu, (one) => `a${one}`).replaceAll(' ', '▁') : text
      const { ids } = tokenizer.encode(source)
      expect(stream(tokenizer, ids).join('')).toBe(tokenizer.decode(ids))
    }),
  )
})

test('any ids, also such as make no text, come out as they decode at once', () => {
  const id = fc.integer({ min: 0, max: byteLevel.vocabularySize - 1 })
  fc.assert(
    fc.property(fc.array(id, { maxLength: 60 }), (ids) => {
      expect(stream(byteLevel, ids).join('')).toBe(byteLevel.decode(ids))
    }),
  )
})

test('the first blank goes only at the beginning', () => {
  const { ids } = fallback.encode('▁a▁a')
  expect(stream(fallback, ids)).toEqual(['', 'a', ' ', 'a', ''])
})

test('finish gives what stayed incomplete and begins anew; special tokens are skipped or not', () => {
  const [first, second] = byteLevel.encode('é').ids
  const decoder = byteLevel.createStreamDecoder()
  expect([decoder.push(first!), decoder.finish(), decoder.push(first!), decoder.push(second!)]).toEqual([
    '',
    '\uFFFD',
    '',
    'é',
  ])
  expect(byteLevel.createStreamDecoder().push(0)).toBe('')
  expect(byteLevel.createStreamDecoder({ skipSpecialTokens: false }).push(0)).toBe('<eos>')
})

test('replacement characters without end are not held back without end', () => {
  const stray = byteLevel.requireTokenId('ł')
  const decoder = byteLevel.createStreamDecoder()
  const parts = Array.from({ length: 100 }, () => decoder.push(stray))
  expect(parts.join('').length).toBeGreaterThan(80)
  expect(parts.join('') + decoder.finish()).toBe('\uFFFD'.repeat(100))
})
