import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { referenceDevice, tinyFiles, tokenizers } from '../tiny-model.test-helper.ts'
import { loadTranslator } from '../translation/translator.ts'
import { describeTokenIds, describeTokens } from './describe-tokens.ts'
import { inspectSource } from './inspect-source.ts'

const { source, target } = tokenizers

test('characters, and those that the vocabulary lacks', () => {
  const tokens = describeTokens(source, '机龘器')
  expect(tokens.map(({ text, offsets, kind }) => [text, ...offsets, kind])).toEqual([
    ['机', 0, 1, 'text'],
    ['龘', 1, 2, 'unknown'],
    ['器', 2, 3, 'text'],
  ])
  expect(tokens[1]!.token).toBe('<unk>')
  expect(describeTokenIds(source, source.encode('机龘').ids).map(({ text }) => text)).toEqual(['机', '<unk>'])
})

test('words, with the blank before them', () => {
  const tokens = describeTokens(target, 'machine learning')
  expect(tokens.map(({ text }) => text).join('')).toBe('machine learning')
  expect(
    tokens.every(({ kind, bytes, continues }) => kind === 'text' && bytes === undefined && !continues),
  ).toBe(true)
})

test('bytes of characters that are split', () => {
  const split = describeTokens(target, 'I😀').filter(({ bytes }) => bytes !== undefined)
  expect(split.flatMap(({ bytes }) => bytes)).toEqual([...new TextEncoder().encode('😀')])
  expect(split.map(({ text, offsets, continues }) => [text, ...offsets, continues])).toEqual(
    split.map((_, index) => ['😀', 1, 3, index > 0]),
  )
  const twice = describeTokens(target, '机器').filter(({ bytes }) => bytes !== undefined)
  expect(twice.filter(({ continues }) => !continues).map(({ text }) => text)).toEqual(['机', '器'])
})

describe('of ids', () => {
  test('gives the places in the decoded text', () => {
    const { ids } = target.encode('learn 机器, you')
    const tokens = describeTokenIds(target, ids)
    const text = target.decode(ids)
    const placed = tokens.filter(({ offsets }) => offsets[0] !== offsets[1])
    for (const { offsets, text: piece } of placed) expect(piece).toBe(text.slice(...offsets))
    const split = placed.filter(({ bytes }) => bytes !== undefined)
    expect([...new Set(split.map(({ text }) => text))]).toEqual(['机', '器'])
    const marked = describeTokenIds(target, [1, ...ids, 2])
    expect(marked[0]).toMatchObject({ kind: 'special', text: '<bos>', offsets: [0, 0] })
    expect(marked.at(-1)).toMatchObject({ kind: 'special', text: '<eos>', offsets: [0, 0] })
    expect(marked.slice(1, -1)).toEqual(tokens)
  })

  test('any text: the pieces cover it in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (text) => {
        for (const tokens of [
          describeTokens(target, text),
          describeTokenIds(target, target.encode(text).ids),
        ]) {
          let end = 0
          for (const { offsets } of tokens) {
            expect(offsets[0]).toBeLessThanOrEqual(end)
            end = Math.max(end, offsets[1])
          }
          expect(end).toBe(text.length)
        }
      }),
    )
  })

  test('an id that is no token is refused', () => {
    expect(() => describeTokenIds(target, [99_999])).toThrow('99999')
  })
})

test('what is strange about a source', async () => {
  const device = referenceDevice()
  const { files } = await tinyFiles({ description: { training: { longestSource: 4 } } })
  const translator = await loadTranslator(files, { device })
  expect(inspectSource(translator, '机器')).toMatchObject({
    length: 3,
    maximumLength: 24,
    tooLong: false,
    longestTrained: 4,
    longerThanTrained: false,
    unknown: [],
    split: [],
  })
  expect(inspectSource(translator, '机龘龘鑫')).toMatchObject({
    longerThanTrained: true,
    unknown: ['龘', '鑫'],
  })
  expect(inspectSource(translator, '我'.repeat(24)).tooLong).toBe(true)
  // A pasted book: no more than its beginning is read.
  const book = inspectSource(translator, '我爱学习'.repeat(250_000))
  expect([book.tooLong, book.length]).toEqual([true, 32 * 24 + 1])
  const unrecorded = inspectSource({ ...translator, training: undefined }, '我'.repeat(23))
  expect([unrecorded.longerThanTrained, unrecorded.tooLong]).toEqual([false, false])
  const bytes = inspectSource({ ...translator, tokenizers: { source: target, target } }, 'I 机机')
  expect([bytes.split, bytes.unknown]).toEqual([['机'], []])
  await translator.dispose()
})
