import { expect, test } from 'vitest'
import { displayWidth, formatColumns, formatCount, padEnd, padStart, plural } from './format.ts'

test.each([
  ['', 0],
  ['abc', 3],
  ['机器学习', 8],
  ['我 a', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['😀', 2],
  ['，。', 4],
])('%j takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

test('pads by columns', () => {
  expect(padEnd('我', 3)).toBe('我 ')
  expect(padStart('我', 4)).toBe('  我')
  expect(padEnd('long', 2)).toBe('long')
})

test('counts', () => {
  expect([formatCount(1234567), plural(1, 'step'), plural(0, 'step'), plural(1200, 'step')]).toEqual([
    '1,234,567',
    '1 step',
    '0 steps',
    '1,200 steps',
  ])
})

test('columns: names to the left, numbers to the right', () => {
  expect(
    formatColumns([
      ['BLEU', '7.25'],
      ['机器', '100.00'],
      ['other', 'text'],
    ]),
  ).toBe(['BLEU     7.25', '机器   100.00', 'other  text'].join('\n'))
})
