import { describe, expect, test } from 'vitest'
import { parseAlignedText } from './parse-aligned-text.ts'

describe('parseAlignedText', () => {
  test('pairs lines by number', () => {
    expect(parseAlignedText('你好。\n谢谢。\n', 'Hello.\r\nThanks.').pairs).toEqual([
      { source: '你好。', target: 'Hello.' },
      { source: '谢谢。', target: 'Thanks.' },
    ])
  })

  test('keeps tabs: they are no columns here', () => {
    expect(parseAlignedText('a\tb', 'c').pairs).toEqual([{ source: 'a\tb', target: 'c' }])
  })

  test('refuses texts of different length, with both counts and files', () => {
    expect(() => parseAlignedText('a\nb\nc\n', 'd\ne\n', { sourceFile: 'x.zh', targetFile: 'x.en' })).toThrow(
      "parseAlignedText: 'targetText' has 2 lines (x.en), expected 3 as in 'sourceText' (x.zh); " +
        'give two files in which line n of one translates line n of the other.',
    )
  })

  test('names the file of the empty side', () => {
    expect(() => parseAlignedText('a\nb', 'c\n\n', { sourceFile: 'x.zh', targetFile: 'x.en' })).toThrow(
      "'targetText' has an empty target in line 2 of x.en",
    )
    expect(parseAlignedText('a\nb', 'c\n\n', { emptySides: 'skip' }).skippedLines).toEqual([2])
  })

  test('refuses empty texts', () => {
    expect(() => parseAlignedText('', '')).toThrow("'sourceText' holds no pair")
  })
})
