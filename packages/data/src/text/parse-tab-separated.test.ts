import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DataError } from '../data-error.ts'
import { formatTabSeparated } from './format-tab-separated.ts'
import { parseTabSeparated } from './parse-tab-separated.ts'
import type { TabSeparatedOptions } from './parse-tab-separated.ts'

function refusal(text: string, options?: TabSeparatedOptions): DataError {
  try {
    parseTabSeparated(text, options)
  } catch (error) {
    if (error instanceof DataError) return error
  }
  throw new Error('The text was accepted.')
}

describe('parseTabSeparated', () => {
  test('reads what formatTabSeparated wrote', () => {
    const sentence = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.trim() !== '' && !/[\t\n\r]/.test(text))
    fc.assert(
      fc.property(fc.array(fc.record({ source: sentence, target: sentence }), { minLength: 1 }), (pairs) => {
        expect(parseTabSeparated(formatTabSeparated(pairs)).pairs).toEqual(pairs)
      }),
    )
  })

  test('accepts CRLF, a missing last line break and further columns', () => {
    const { pairs, skippedLines } = parseTabSeparated('Hello.\t你好。\tCC BY\r\nThanks.\t谢谢。', {
      sourceColumn: 1,
      targetColumn: 0,
    })
    expect(pairs).toEqual([
      { source: '你好。', target: 'Hello.' },
      { source: '谢谢。', target: 'Thanks.' },
    ])
    expect(skippedLines).toEqual([])
  })

  test('leaves blanks and other line separators as they are', () => {
    expect(parseTabSeparated(' a\u2028b\tc \n').pairs).toEqual([{ source: ' a\u2028b', target: 'c ' }])
  })

  test('refuses a line without a tab, with its place and beginning', () => {
    const error = refusal('a\tb\nhello world\n', { file: 'pairs.tsv' })
    expect(error).toMatchObject({
      operation: 'parseTabSeparated',
      argument: 'text',
      file: 'pairs.tsv',
      line: 2,
    })
    expect(error.message).toBe(
      `parseTabSeparated: 'text' has no tab in line 2 of pairs.tsv ("hello world"), expected two sentences with a tab between them; ` +
        'put a tab between the sentences (spaces do not count), or choose other columns with sourceColumn and targetColumn.',
    )
  })

  test('shortens a long line in the error', () => {
    expect(refusal('长'.repeat(500)).got).toBe(`has no tab in line 1 ("${'长'.repeat(40)}…")`)
  })

  test('refuses a line with too few columns', () => {
    expect(refusal('1\t你好。\n', { sourceColumn: 1, targetColumn: 2 }).got).toBe(
      'has only 2 columns in line 1 ("1\\t你好。")',
    )
  })

  test.each([
    ['source', '\tb\n'],
    ['target', 'a\t \n'],
    ['source', '\n'],
  ])('refuses an empty %s', (side, line) => {
    expect(refusal(`a\tb\n${line}`).message).toContain(`has an empty ${side} in line 2`)
  })

  test('skips empty sides on demand, and says which', () => {
    const result = parseTabSeparated('a\tb\n\tc\n\nd\t\ne\tf\n', { emptySides: 'skip' })
    expect(result.pairs).toHaveLength(2)
    expect(result.skippedLines).toEqual([2, 3, 4])
  })

  test('refuses a text without pairs', () => {
    expect(refusal('').message).toContain("'text' holds no pair, expected at least one pair")
    expect(refusal('\n\t\n', { emptySides: 'skip', file: 'x.tsv' }).got).toBe(
      'holds no pair (x.tsv): all 2 lines have an empty side',
    )
  })

  test('refuses columns that are no columns', () => {
    expect(refusal('a\tb', { sourceColumn: -1 }).argument).toBe('sourceColumn')
    expect(refusal('a\tb', { targetColumn: 1.5 }).got).toBe('is 1.5')
    expect(refusal('a\tb', { sourceColumn: 1 }).got).toBe("is 1, as is 'sourceColumn'")
  })
})

describe('formatTabSeparated', () => {
  test.each(['a\tb', 'a\nb', 'a\rb'])('refuses what a line cannot hold: %j', (sentence) => {
    expect(() => formatTabSeparated([{ source: 'x', target: sentence }])).toThrow(
      /^formatTabSeparated: 'pairs' holds a tab or a line break in pair 0 /,
    )
  })
})
