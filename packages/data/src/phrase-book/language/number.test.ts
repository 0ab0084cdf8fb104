import { describe, expect, test } from 'vitest'
import { chineseCount, chineseNumber, englishNumber } from './number.ts'

describe('chineseNumber', () => {
  test.each([
    [0, '零'],
    [2, '二'],
    [10, '十'],
    [12, '十二'],
    [20, '二十'],
    [22, '二十二'],
    [100, '一百'],
    [105, '一百零五'],
    [110, '一百一十'],
    [112, '一百一十二'],
    [200, '两百'],
    [222, '两百二十二'],
    [1000, '一千'],
    [1005, '一千零五'],
    [1015, '一千零一十五'],
    [1050, '一千零五十'],
    [2002, '两千零二'],
    [2200, '两千两百'],
    [9999, '九千九百九十九'],
  ])('%d is %s', (value, chinese) => {
    expect(chineseNumber(value)).toBe(chinese)
  })

  test('is read back as the same number', () => {
    for (let value = 0; value <= 9999; value += 1) expect(readChinese(chineseNumber(value))).toBe(value)
  })

  test('is 两 before a measure word', () => {
    expect([chineseCount(2), chineseCount(12), chineseCount(22)]).toEqual(['两', '十二', '二十二'])
  })
})

describe('englishNumber', () => {
  test.each([
    [0, 'zero'],
    [13, 'thirteen'],
    [40, 'forty'],
    [85, 'eighty-five'],
    [105, 'one hundred five'],
    [6000, 'six thousand'],
    [2345, 'two thousand three hundred forty-five'],
  ])('%d is %s', (value, english) => {
    expect(englishNumber(value)).toBe(english)
  })

  test('differs for different numbers', () => {
    const all = Array.from({ length: 10000 }, (_, value) => englishNumber(value))
    expect(new Set(all).size).toBe(10000)
  })
})

/** Reads digits and units from left to right, the other way than the writer. */
function readChinese(text: string): number {
  const digits: Record<string, number> = {
    零: 0,
    一: 1,
    二: 2,
    两: 2,
    三: 3,
    四: 4,
    五: 5,
    六: 6,
    七: 7,
    八: 8,
    九: 9,
  }
  const units: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }
  let total = 0
  let digit: number | undefined
  for (const character of text) {
    const unit = units[character]
    if (unit === undefined) digit = digits[character]
    else {
      total += (digit ?? 1) * unit
      digit = undefined
    }
  }
  return total + (digit ?? 0)
}
